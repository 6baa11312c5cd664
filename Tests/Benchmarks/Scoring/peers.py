"""The peers: each is made from texts to train on and gives a function from a prompt to a decision.

Preparing a text, such as taking out the line breaks that fastText refuses, is not timed; parsing the prepared text is.
"""

import re

BITS = 16


def labels(texts):
    """Something made up to learn; the work of a prediction does not depend on it."""
    return [int("problem" in text) for text in texts]


class FastText:
    name = "fastText, 16 dimensions, pairs"

    def __init__(self, texts, folder):
        import fasttext

        with open(f"{folder}/fasttext", "w") as file:
            for text, label in zip(texts, labels(texts)):
                file.write(f"__label__{label} {self.prepare(text)}")
        self.model = fasttext.train_supervised(
            f"{folder}/fasttext", wordNgrams=2, dim=16, bucket=1 << BITS, epoch=2, thread=1, verbose=0)

    def prepare(self, text):
        return " ".join(text.split()) + "\n"

    def predict(self, text):
        # `predict` of the Python class, without the conversion that NumPy 2 refuses.
        return self.model.f.predict(text, 1, 0.0, "strict")


class VowpalWabbit:
    name = "Vowpal Wabbit, pairs"

    def __init__(self, texts, folder):
        import vowpalwabbit

        self.model = vowpalwabbit.Workspace(f"--loss_function logistic --link logistic --ngram 2 -b {BITS} --quiet")
        for text, label in zip(texts, labels(texts)):
            self.model.learn(f"{2 * label - 1} {self.prepare(text)}")

    def prepare(self, text):
        return "| " + re.sub(r"[\s|:]+", " ", text)

    def predict(self, text):
        return self.model.predict(text)


class ScikitLearn:
    name = "scikit-learn, hashed pairs"

    def __init__(self, texts, folder):
        from sklearn.feature_extraction.text import HashingVectorizer
        from sklearn.linear_model import LogisticRegression

        self.vectorizer = HashingVectorizer(n_features=1 << BITS, ngram_range=(1, 2))
        self.model = LogisticRegression().fit(self.vectorizer.transform(texts), labels(texts))

    def prepare(self, text):
        return text

    def predict(self, text):
        return self.model.predict_proba(self.vectorizer.transform([text]))


class LiteLLM:
    name = "LiteLLM complexity router, v1"

    def __init__(self, texts, folder):
        from litellm.router_strategy.complexity_router.complexity_router import ComplexityRouter

        self.predict = ComplexityRouter("router", None, derive_savings_baseline=False).classify

    def prepare(self, text):
        return text


class LiteLLM2(LiteLLM):
    name = "LiteLLM complexity router, v2"

    def __init__(self, texts, folder):
        from litellm.router_strategy.adaptive_router.classifier import classify_prompt
        from litellm.router_strategy.complexity_router import tier_predictor

        predictor = tier_predictor.TierSuccessPredictor(tier_predictor.resolve_tier_artifact("ultrafeedback"))
        self.predict = lambda text: predictor.predict(text, classify_prompt(text))


PEERS = [FastText, VowpalWabbit, ScikitLearn, LiteLLM, LiteLLM2]
