"""What every run of tests has."""

pytest_plugins = ["tests.phone.lateness"]
