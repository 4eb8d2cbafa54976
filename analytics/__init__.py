"""The five-colour risk dashboard's own work: records in, tiers out. Nothing in here knows of a browser but `session`."""
