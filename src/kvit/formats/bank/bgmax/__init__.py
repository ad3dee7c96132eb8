"""BgMax: the Swedish clearing house's file of incoming bankgiro payments."""
