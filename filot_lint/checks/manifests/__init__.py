"""Rules on what deploy manifests say about secrets, images, machines and health."""
