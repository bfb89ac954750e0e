// The same with every vendor: this tier sets SWE_TEST_FULL.
import './cache-gate.spec';
