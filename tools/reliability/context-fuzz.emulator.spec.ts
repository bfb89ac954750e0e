// The same at full size: this tier sets SWE_TEST_FULL.
import './context-fuzz.spec';
