"""JSON, YAML and TOML as nested data with places."""
