"""Categories: what an asset is, in the words people use, with crosswalks to other vocabularies."""
