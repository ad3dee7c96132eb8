"""The code lists of EN 16931 (European Commission, registry of supporting artefacts; UN/CEFACT, ISO)."""
