import { Box, Button, Checkbox, Flex, Text, TextArea, TextField } from '@radix-ui/themes';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import type { NewSessionRequest } from '@swe/domain/api';
import { api } from '../api/client';
import { useForgeRepositories, useHasAccounts, useSettings } from '../api/use-settings';
import { money } from '../parts/figures';
import { Page } from '../parts/page';
import { Trouble } from '../parts/trouble';
import { texts } from '../texts';
import { isIssue, needsBringing } from './where';

/** Where a task is given, in words or as an issue. */
export function NewSessionPage() {
  const words = texts.newSession;
  const [query] = useSearchParams();
  const [, go] = useLocation();
  const { data: settings } = useSettings();
  const { data: models } = useQuery({ queryKey: ['models'], queryFn: api.listModels });
  const { data: forge } = useForgeRepositories();
  const [fields, setFields] = useState({
    task: '',
    where: query.get('where') ?? '',
    base: '',
    model: '',
    budget: '',
  });
  const isShared = useHasAccounts();
  const [isPrivate, setPrivate] = useState(false);
  const [key] = useState(() => crypto.randomUUID());
  const [lacksTask, setLacksTask] = useState(false);
  const set = (name: keyof typeof fields) => (event: { target: { value: string } }) =>
    setFields((before) => ({ ...before, [name]: event.target.value }));

  const begin = useMutation({
    async mutationFn() {
      const isBrought = needsBringing(fields.where, settings);
      const repository = isBrought
        ? (await api.addForgeRepository(fields.where.trim())).url
        : fields.where.trim();
      return api.createSession(requestOf({ ...fields, where: repository }, isPrivate), key);
    },
    onSuccess: ({ id }) => go(`/sessions/${id}`),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const lacks = fields.task.trim() === '' && !isIssue(fields.where.trim());
    setLacksTask(lacks);
    if (!lacks) begin.mutate();
  };
  const common = models?.items.find((model) => model.isDefault);
  return (
    <Page title={words.title}>
      <form className="form" onSubmit={submit}>
        <Field label={words.task} hint={words.taskHint} error={lacksTask ? words.needsTask : undefined}>
          {(props) => (
            <TextArea {...props} rows={6} size="3" value={fields.task} onChange={set('task')} autoFocus />
          )}
        </Field>
        <Field label={words.where} hint={words.whereHint}>
          {(props) => (
            <TextField.Root
              {...props}
              size="3"
              list="repositories"
              value={fields.where}
              onChange={set('where')}
            />
          )}
        </Field>
        <datalist id="repositories">
          {forge?.items.map(({ url }) => (
            <option key={url} value={url} />
          ))}
        </datalist>
        <div className="fields">
          <Field label={words.model} hint={words.modelHint}>
            {(props) => (
              <select {...props} className="select" value={fields.model} onChange={set('model')}>
                <option value="">{common?.id}</option>
                {models?.items
                  .filter((model) => !model.isDefault)
                  .map(({ id }) => (
                    <option key={id} value={id}>
                      {id}
                    </option>
                  ))}
              </select>
            )}
          </Field>
          <Field label={words.budget}>
            {(props) => (
              <TextField.Root
                {...props}
                size="3"
                type="number"
                min="0.01"
                step="0.01"
                inputMode="decimal"
                placeholder={settings && words.budgetHint(money(settings.budgets.sessionUsd))}
                value={fields.budget}
                onChange={set('budget')}
              >
                <TextField.Slot>$</TextField.Slot>
              </TextField.Root>
            )}
          </Field>
          <Field label={words.base}>
            {(props) => (
              <TextField.Root
                {...props}
                size="3"
                placeholder={words.baseHint}
                value={fields.base}
                onChange={set('base')}
              />
            )}
          </Field>
        </div>
        {isShared && (
          <Text as="label" size="2">
            <Flex align="center" gap="2">
              <Checkbox checked={isPrivate} onCheckedChange={(checked) => setPrivate(checked === true)} />
              {words.isPrivate}
            </Flex>
          </Text>
        )}
        {begin.error && <Trouble error={begin.error} />}
        <Flex justify="end">
          <Button size="3" type="submit" loading={begin.isPending}>
            {words.submit}
          </Button>
        </Flex>
      </form>
    </Page>
  );
}

interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly error?: string | undefined;
  readonly children: (props: { id: string; 'aria-describedby': string | undefined }) => ReactNode;
}

function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const said = error ?? hint;
  return (
    <Box>
      <Text as="label" htmlFor={id} size="2" weight="medium" mb="1" className="block-label">
        {label}
      </Text>
      {children({ id, 'aria-describedby': said === undefined ? undefined : `${id}-hint` })}
      {said !== undefined && (
        <Text
          as="p"
          id={`${id}-hint`}
          size="1"
          color={error === undefined ? 'gray' : 'red'}
          mt="1"
          role={error === undefined ? undefined : 'alert'}
        >
          {said}
        </Text>
      )}
    </Box>
  );
}

function requestOf(
  fields: Readonly<Record<'task' | 'where' | 'base' | 'model' | 'budget', string>>,
  isPrivate: boolean,
): NewSessionRequest {
  const { where } = fields;
  const [task, base, budget] = [fields.task.trim(), fields.base.trim(), fields.budget.trim()];
  return {
    ...(task !== '' && { task }),
    ...(where !== '' && (isIssue(where) ? { issue: where } : { repository: where })),
    ...(base !== '' && { base }),
    ...(fields.model !== '' && { model: fields.model }),
    ...(budget !== '' && { budgetUsd: Number(budget) }),
    ...(isPrivate && { isPrivate }),
  };
}
