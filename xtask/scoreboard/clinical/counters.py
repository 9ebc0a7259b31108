"""Three tokenizers of three families, from vocabularies that lie inside Python packages: nothing is fetched here."""

import importlib.util
import os
import pathlib


def folder(package, below):
    return pathlib.Path(importlib.util.find_spec(package).origin).parent / below


def load():
    """Name -> function from text to its number of tokens."""
    os.environ["TIKTOKEN_CACHE_DIR"] = str(folder("litellm", "litellm_core_utils/tokenizers"))
    import sentencepiece
    import tiktoken
    import tokenizers

    openai = tiktoken.get_encoding("cl100k_base")
    deepseek = tokenizers.Tokenizer.from_file(str(folder("litellm", "litellm_core_utils/tokenizers/deepseek_tokenizer.json")))
    model = folder("mistral_common", "data/mistral_instruct_tokenizer_240323.model.v3")
    mistral = sentencepiece.SentencePieceProcessor(model_file=str(model))
    return {
        "cl100k_base": lambda text: len(openai.encode(text, disallowed_special=())),
        "deepseek": lambda text: len(deepseek.encode(text, add_special_tokens=False).ids),
        "mistral v3": lambda text: len(mistral.encode(text)),
    }
