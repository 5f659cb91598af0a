"""All that an organisation's owner may see, as one archive in a documented format."""
