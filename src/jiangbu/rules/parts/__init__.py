"""The parts of a scheme, each built from its sections of one TOML file; ``build.py`` says in which order."""
