"""filot-lint: the truth about a service's production configuration, from its source."""

__version__ = "0.1.0"

__all__ = ["__version__"]
