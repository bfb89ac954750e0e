import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AccountRecovery,
  CfnManagedLoginBranding,
  CfnUserPoolGroup,
  FeaturePlan,
  ManagedLoginVersion,
  Mfa,
  OAuthScope,
  UserPool,
  UserPoolClientIdentityProvider,
} from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import { roles } from '@swe/config/console';
import { acknowledge } from '../acknowledge';

export interface PeopleOptions {
  readonly name: string;
  /** Of the hosted pages: the only one of its name in the region, whoever's the others are. */
  readonly domainPrefix: string;
  /** Where the ingress is. */
  readonly url: string;
}

/** Where people have accounts, by whom they are known there, and where the pages are at which they sign in. */
export interface People {
  readonly pool: UserPool;
  readonly clientId: string;
  readonly domain: string;
}

/** People who may use the console. Nobody registers themselves; those in none of the groups may do nothing. */
export function userPool(scope: Construct, { name, domainPrefix, url }: PeopleOptions): People {
  const pool = new UserPool(scope, 'People', {
    userPoolName: name,
    featurePlan: FeaturePlan.ESSENTIALS,
    selfSignUpEnabled: false,
    signInAliases: { email: true },
    signInCaseSensitive: false,
    autoVerify: { email: true },
    accountRecovery: AccountRecovery.EMAIL_ONLY,
    mfa: Mfa.OPTIONAL,
    mfaSecondFactor: { otp: true, sms: false },
    passwordPolicy: {
      minLength: 12,
      requireLowercase: true,
      requireUppercase: true,
      requireDigits: true,
      requireSymbols: true,
    },
    userInvitation: {
      emailSubject: 'Your account for Remote SWE Agents',
      emailBody: `Sign in at ${url} as {username} with the password {####} within a week, and choose your own.`,
    },
    removalPolicy: RemovalPolicy.DESTROY,
  });
  acknowledge(
    pool,
    'COG2',
    'Whether everybody needs a second factor is up to whoever invites them: docs/console.md has the command.',
  );
  acknowledge(pool, 'COG8', 'The plan that looks for stolen passwords is charged for each person.');
  for (const groupName of roles) {
    new CfnUserPoolGroup(scope, `Group-${groupName}`, { userPoolId: pool.userPoolId, groupName });
  }
  const domain = pool.addDomain('Pages', {
    cognitoDomain: { domainPrefix },
    managedLoginVersion: ManagedLoginVersion.NEWER_MANAGED_LOGIN,
  });
  const client = pool.addClient('Page', {
    userPoolClientName: name,
    generateSecret: false,
    preventUserExistenceErrors: true,
    supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
    oAuth: {
      flows: { authorizationCodeGrant: true },
      scopes: [OAuthScope.OPENID, OAuthScope.EMAIL],
      callbackUrls: [`${url}/sign-in/callback`],
      logoutUrls: [`${url}/`],
    },
  });
  // Without a style the pages show nothing: https://docs.aws.amazon.com/cognito/latest/developerguide/managed-login-branding.html
  new CfnManagedLoginBranding(scope, 'Style', {
    userPoolId: pool.userPoolId,
    clientId: client.userPoolClientId,
    useCognitoProvidedValues: true,
  });
  return { pool, clientId: client.userPoolClientId, domain: domain.baseUrl() };
}
