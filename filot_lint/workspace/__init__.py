"""Files to linked facts: discovery, scanning, links, components and the index."""
