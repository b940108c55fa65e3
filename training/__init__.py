"""How the bundled model `tiny` is made, from written sentences to a funasr model directory."""
