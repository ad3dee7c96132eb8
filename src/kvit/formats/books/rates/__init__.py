"""Exchange rates as the central banks publish them: NBP, BNR, ECB, Riksbank."""
