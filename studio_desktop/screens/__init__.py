"""One room a domain; a screen knows the core and its own widgets, never another screen."""
