"""Calls under our control: the ARI client, the call as flows see it, the flows."""
