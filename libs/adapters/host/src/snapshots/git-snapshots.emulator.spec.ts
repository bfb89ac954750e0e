// The same with all histories: this tier sets SWE_TEST_FULL.
import './git-snapshots.spec';
