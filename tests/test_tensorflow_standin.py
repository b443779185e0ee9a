"""The stand-in: Rasa imports, our pipeline runs, and DIET says what to install."""

import pytest


def test_rasa_imports_without_tensorflow():
    import rasa.nlu.classifiers.diet_classifier as diet
    import tensorflow as tf

    assert not hasattr(tf, "__file__") or "standin" in tf.__file__
    assert diet.DIETClassifier


def test_whatever_would_compute_says_what_to_do():
    import tensorflow as tf
    from tensorflow_standin import TensorFlowIsNotInstalled

    for use in (lambda: tf.constant(1), lambda: tf.keras.layers.Dense(3), lambda: tf.Variable(1)):
        with pytest.raises(TensorFlowIsNotInstalled, match=r"tensorflow-cpu==2\.12\.0"):
            use()

    class Layer(tf.keras.layers.Layer):
        pass

    with pytest.raises(TensorFlowIsNotInstalled, match="Layer"):
        Layer()


def test_decorators_hand_the_function_back():
    import tensorflow as tf

    def add(a, b):
        return a + b

    assert tf.function(add)(1, 2) == 3
    assert tf.function(reduce_retracing=True)(add)(1, 2) == 3
