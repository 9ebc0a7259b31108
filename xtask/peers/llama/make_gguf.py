"""Writes a tiny llama model with random weights: real in every byte that a server reads, and it says nothing.

    python make_gguf.py OUT.gguf

Two layers of width 64 (llama architecture, float32), a SentencePiece vocabulary with all 256 bytes, ChatML turns,
and a context of 65,536 tokens, so that whole records fit. It never ends an answer by itself: how long one is, the
request decides. The seed is fixed: the same versions make the same file.
"""

import sys

import gguf
import numpy as np

WIDTH, HEADS, LAYERS, HIDDEN, CONTEXT = 64, 4, 2, 128, 65_536

CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def vocabulary():
    """(text, score, type) of every token, in order of its id."""
    kind = gguf.TokenType
    tokens = [("<unk>", 0.0, kind.UNKNOWN), ("<s>", 0.0, kind.CONTROL), ("</s>", 0.0, kind.CONTROL)]
    tokens += [("<|im_start|>", 0.0, kind.CONTROL), ("<|im_end|>", 0.0, kind.CONTROL)]
    tokens += [(f"<0x{byte:02X}>", 0.0, kind.BYTE) for byte in range(256)]
    score = 0.0
    # SentencePiece joins the neighbours whose joined text has the highest score: short pieces first, then words.
    letters = ["\u2581"] + [chr(code) for code in range(0x21, 0x7F)]
    syllables = [consonant + vowel for consonant in "bcdfghjklmnprstvwz" for vowel in "aeiou"]
    # Pairs make prompts short: half as many tokens are a quarter of the work.
    pairs = ["\u2581" + chr(code) for code in range(0x61, 0x7B)] + [f"{number:02}" for number in range(100)]
    pairs += [chr(a) + chr(b) for a in range(0x61, 0x7B) for b in range(0x61, 0x7B)]
    pairs = [pair for pair in pairs if pair not in syllables]
    openings = ["\u2581" + syllable for syllable in syllables]
    words = [opening + syllable for opening in openings for syllable in syllables[::9]]
    for text in letters + syllables + pairs + openings + words:
        score -= 1.0
        tokens.append((text, score, kind.NORMAL))
    return tokens


def main(path):
    tokens = vocabulary()
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("ward-peer")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(HIDDEN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(tokens))
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([text.encode() for text, _, _ in tokens])
    writer.add_token_scores([score for _, score, _ in tokens])
    writer.add_token_types([int(kind) for _, _, kind in tokens])
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_eot_token_id(4)
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)
    writer.add_chat_template(CHAT_TEMPLATE)

    random = np.random.default_rng(20260101)

    def tensor(name, *shape, scale=None, change=None):
        scale = scale or 1.0 / np.sqrt(shape[-1])
        values = random.standard_normal(shape) * scale
        if change is not None:
            change(values)
        writer.add_tensor(name, values.astype(np.float32))

    # The first number of every vector is constant: each token begins with 4 there and no layer writes to it. By it
    # the output gives so little weight to control tokens, the ends among them, and to bytes that they never come: at bytes
    # that are no UTF-8 the server would hold its stream back until the end.
    def constant(values):
        values[:, 0] = 4.0

    def unwritten(values):
        values[0, :] = 0.0

    def weighed(values):
        values[:, 0] = 0.0
        values[:261, 0] = -30.0

    tensor("token_embd.weight", len(tokens), WIDTH, scale=1.0, change=constant)
    for layer in range(LAYERS):
        block = f"blk.{layer}"
        writer.add_tensor(f"{block}.attn_norm.weight", np.ones(WIDTH, dtype=np.float32))
        for part in ("attn_q", "attn_k", "attn_v"):
            tensor(f"{block}.{part}.weight", WIDTH, WIDTH)
        tensor(f"{block}.attn_output.weight", WIDTH, WIDTH, change=unwritten)
        writer.add_tensor(f"{block}.ffn_norm.weight", np.ones(WIDTH, dtype=np.float32))
        tensor(f"{block}.ffn_gate.weight", HIDDEN, WIDTH)
        tensor(f"{block}.ffn_up.weight", HIDDEN, WIDTH)
        tensor(f"{block}.ffn_down.weight", WIDTH, HIDDEN, change=unwritten)
    writer.add_tensor("output_norm.weight", np.ones(WIDTH, dtype=np.float32))
    tensor("output.weight", len(tokens), WIDTH, change=weighed)

    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    main(sys.argv[1])
