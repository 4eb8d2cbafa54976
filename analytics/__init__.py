"""The five-colour risk dashboard's own work: records in, tiers out. Only `session` knows of a browser."""
