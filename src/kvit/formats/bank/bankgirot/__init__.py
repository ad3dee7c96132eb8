"""What all files to the Swedish clearing house share: records of 80 columns, and the HMAC seal."""
