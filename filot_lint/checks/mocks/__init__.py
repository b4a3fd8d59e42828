"""Rules on mocks, stubs and made-up values in production."""
