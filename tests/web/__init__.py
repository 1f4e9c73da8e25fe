"""The service, tested through HTTP."""
