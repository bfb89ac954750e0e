#!/bin/sh
# Becomes the first process of a machine of its own: systemd, on this machine's system, of which nothing is changed.
# Run in new namespaces for mounts, network, processes, IPC, host name and control groups; $1 is an empty folder.
set -eu

mount --make-rprivate /
mount -t tmpfs tmpfs "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
cd "$1/root"

mount -t proc proc proc
# The kernel is shared: nothing here sets it up.
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t sysfs -o ro sysfs sys
mount -t tmpfs tmpfs sys/fs/cgroup
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs tmpfs dev
for name in null zero full random urandom tty; do
  touch "dev/$name"
  mount --bind "/dev/$name" "dev/$name"
done
mkdir dev/shm dev/pts
ln -s /proc/self/fd dev/fd
touch dev/console
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs tmp

# Of what this machine starts by itself nothing but the journal.
rm -rf etc/systemd/system usr/lib/systemd/system/*.target.wants
mkdir -p etc/systemd/system/sysinit.target.wants
ln -s /usr/lib/systemd/system/systemd-journald.service etc/systemd/system/sysinit.target.wants/
for users in passwd group shadow gshadow subuid subgid; do
  [ ! -e "etc/$users" ] || sed -i '/^swe-/d' "etc/$users"
done

# The metadata service's addresses lead here.
ip link set lo up
ip address add 169.254.169.254/32 dev lo
ip address add fd00:ec2::254/128 dev lo nodad

# And not by chroot: who is in one may make no namespaces, as the sandbox does.
pivot_root . mnt
umount -l /mnt
cd /
exec env -i container=swe PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  /usr/lib/systemd/systemd --system --unit=multi-user.target
