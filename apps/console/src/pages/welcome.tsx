import { Badge, Box, Button, Flex, Heading, Text } from '@radix-ui/themes';
import { useMutation } from '@tanstack/react-query';
import { Check, FlaskConical, Plus } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import { api } from '../api/client';
import { useSettings } from '../api/use-settings';
import { useTitle } from '../parts/page';
import { Trouble } from '../parts/trouble';
import { texts } from '../texts';

/** The page of whoever has no session yet: what to do first, and what can be connected. */
export function Welcome() {
  const { welcome, nav } = texts;
  const { data: settings } = useSettings();
  const [, go] = useLocation();
  const trial = useMutation({
    mutationFn: api.addForgeSample,
    onSuccess: ({ issue }) => go(`/new?where=${encodeURIComponent(issue)}`),
  });
  useTitle(nav.sessions);
  const done = settings && [!settings.isRehearsal, settings.connected?.github, settings.connected?.slack];
  return (
    <Box className="page welcome">
      <Heading as="h1" size="8" mb="3">
        {welcome.title}
      </Heading>
      <Text as="p" size="4" color="gray" mb="5">
        {welcome.intro}
      </Text>
      <Flex gap="3" wrap="wrap" mb="2">
        {settings?.hasForge && (
          <Button size="3" loading={trial.isPending} onClick={() => trial.mutate()}>
            <FlaskConical size={16} aria-hidden="true" />
            {welcome.trial}
          </Button>
        )}
        <Button size="3" variant="soft" asChild>
          <Link href="/new">
            <Plus size={16} aria-hidden="true" />
            {nav.start}
          </Link>
        </Button>
      </Flex>
      {settings?.hasForge && (
        <Text as="p" size="2" color="gray">
          {welcome.trialHint}
        </Text>
      )}
      {trial.error && <Trouble error={trial.error} />}
      {settings?.connected && (
        <ol className="steps">
          {welcome.steps.map((step, i) => (
            <li key={step.title} className="card">
              <Flex align="center" justify="between" mb="1">
                <Heading as="h2" size="3">
                  {i + 1}. {step.title}
                </Heading>
                {done?.[i] && (
                  <Badge color="green">
                    <Check size={12} aria-hidden="true" />
                    {texts.settings.connected}
                  </Badge>
                )}
              </Flex>
              <Text as="p" size="2" color="gray">
                {done?.[i] ? step.done : step.how}
              </Text>
            </li>
          ))}
        </ol>
      )}
    </Box>
  );
}
