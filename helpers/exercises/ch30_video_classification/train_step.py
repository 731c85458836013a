"""Exercise of chapter 30: one step of training, with a gradient tape.

An answer is run on a small model that is made from numbers and takes two steps. What counts is
what a step leaves behind: the two losses, and the weights.
"""

import numpy as np

from helpers import training
from helpers.course.exercise import Case, Exercise, Misconception
from helpers.lazy import keras, tf


def two_steps(function, model, optimizer, x, y):
    """The losses of two steps on one batch, and the weights after them, each by its name.

    model: the weights of its dense layer, "kernel" (features, classes); optionally an "l2"
        penalty on them, and "batch_normalization": True for such a layer before it.
    optimizer: the arguments of SGD.
    """
    network, descent = build(**model), keras.optimizers.SGD(**optimizer)
    losses = [function(network, descent, x, y) for _ in range(2)]
    weights = {weight.path.split("/")[-1]: weight.numpy() for weight in network.weights}
    return {"loss of step 1": losses[0], "loss of step 2": losses[1]} | weights


def build(kernel, l2=0.0, batch_normalization=False):
    # Names, or Keras counts on and a learner's next model is "sequential_57"; no random
    # weights, or a check changes what the learner's own models are drawn from.
    kernel = np.array(kernel, np.float32)
    stack = [keras.Input(kernel.shape[:1], name="features")]
    if batch_normalization:
        # A momentum that shows in two steps whether the layer learns.
        stack.append(keras.layers.BatchNormalization(momentum=0.5, name="normalization"))
    stack.append(
        keras.layers.Dense(
            kernel.shape[1],
            kernel_initializer="zeros",
            kernel_regularizer=keras.regularizers.L2(l2) if l2 else None,
            name="dense",
        )
    )
    network = keras.Sequential(stack, name="model")
    network.get_layer("dense").kernel.assign(kernel)
    return network


def model_in_words(model):
    layers = "BatchNormalization(momentum=0.5), " if model.get("batch_normalization") else ""
    penalty = f", kernel_regularizer=L2({model['l2']:g})" if model.get("l2") else ""
    kernel = model["kernel"]
    return f"{layers}Dense({len(kernel[0])}{penalty}), kernel {kernel}, bias 0"


def optimizer_in_words(optimizer):
    rate, momentum = optimizer["learning_rate"], optimizer.get("momentum")
    return f"SGD({rate:g}, momentum={momentum:g})" if momentum else f"SGD({rate:g})"


def cross_entropy(y, logits):
    return tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits)


def step(
    model,
    optimizer,
    x,
    y,
    *,
    training=True,
    loss_of=lambda y, logits: tf.reduce_mean(cross_entropy(y, logits)),
    own_losses=True,
    change=lambda gradient: gradient,
):
    """A step in which one thing at a time can be wrong; each default is the right one."""
    with tf.GradientTape() as tape:
        loss = loss_of(y, model(x, training=training))
        if own_losses:
            loss = loss + sum(model.losses)
    gradients = [change(g) for g in tape.gradient(loss, model.trainable_variables)]
    optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
    return float(loss)


def softmax_before_the_loss(model, optimizer, x, y):
    def loss_of(y, logits):
        return tf.reduce_mean(cross_entropy(y, tf.nn.softmax(logits)))

    return step(model, optimizer, x, y, loss_of=loss_of)


def logits_as_probabilities(model, optimizer, x, y):
    loss_of = keras.losses.SparseCategoricalCrossentropy()
    return step(model, optimizer, x, y, loss_of=loss_of)


def softmax_over_the_batch(model, optimizer, x, y):
    def loss_of(y, logits):
        rows = tf.range(len(y))
        chosen = tf.gather_nd(tf.nn.log_softmax(logits, axis=0), tf.stack([rows, y], axis=1))
        return -tf.reduce_mean(chosen)

    return step(model, optimizer, x, y, loss_of=loss_of)


def logarithm_of_the_softmax(model, optimizer, x, y):
    def loss_of(y, logits):
        rows = tf.range(len(y))
        chosen = tf.gather_nd(tf.nn.softmax(logits), tf.stack([rows, y], axis=1))
        return -tf.reduce_mean(tf.math.log(chosen))

    return step(model, optimizer, x, y, loss_of=loss_of)


def labels_as_one_hot(model, optimizer, x, y):
    def loss_of(y, logits):
        return tf.reduce_mean(
            tf.nn.softmax_cross_entropy_with_logits(tf.cast(y, logits.dtype), logits)
        )

    return step(model, optimizer, x, y, loss_of=loss_of)


def whole_numbers_for_a_one_hot_loss(model, optimizer, x, y):
    loss_of = keras.losses.CategoricalCrossentropy(from_logits=True)
    return step(model, optimizer, x, y, loss_of=loss_of)


def logits_before_labels(model, optimizer, x, y):
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    return step(model, optimizer, x, y, loss_of=lambda y, logits: loss_of(logits, y))


def the_sum_of_the_batch(model, optimizer, x, y):
    def loss_of(y, logits):
        return tf.reduce_sum(cross_entropy(y, logits))

    return step(model, optimizer, x, y, loss_of=loss_of)


def a_loss_for_each_clip(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        loss = cross_entropy(y, model(x, training=True)) + sum(model.losses)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
    return loss


def no_mean_over_the_batch(model, optimizer, x, y):
    return float(a_loss_for_each_clip(model, optimizer, x, y))


def as_in_validation(model, optimizer, x, y):
    return step(model, optimizer, x, y, training=False)


def cross_entropy_alone(model, optimizer, x, y):
    return step(model, optimizer, x, y, own_losses=False)


def loss_without_the_tape(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
    loss = tf.reduce_mean(cross_entropy(y, logits)) + sum(model.losses)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
    return float(loss)


def loss_as_a_number_in_the_tape(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        losses = cross_entropy(y, model(x, training=True))
        loss = float(tf.reduce_mean(losses) + sum(model.losses))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
    return loss


def loss_in_numpy_in_the_tape(model, optimizer, x, y):
    def loss_of(y, logits):
        return tf.reduce_mean(cross_entropy(y, logits)).numpy()

    return step(model, optimizer, x, y, loss_of=loss_of, own_losses=False)


def logits_in_numpy_in_the_tape(model, optimizer, x, y):
    def loss_of(y, logits):
        return tf.reduce_mean(cross_entropy(y, logits.numpy()))

    return step(model, optimizer, x, y, loss_of=loss_of)


def tape_without_brackets(model, optimizer, x, y):
    with tf.GradientTape as tape:
        return tape


def uphill(model, optimizer, x, y):
    return step(model, optimizer, x, y, change=lambda gradient: -gradient)


def signs_alone(model, optimizer, x, y):
    return step(model, optimizer, x, y, change=tf.sign)


def clipped(model, optimizer, x, y):
    return step(model, optimizer, x, y, change=lambda g: tf.clip_by_norm(g, 1.0))


def never_applies(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(cross_entropy(y, model(x, training=True))) + sum(model.losses)
    tape.gradient(loss, model.trainable_variables)
    return float(loss)


def applies_twice(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(cross_entropy(y, model(x, training=True))) + sum(model.losses)
    gradients = tape.gradient(loss, model.trainable_variables)
    for _ in range(2):
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
    return float(loss)


def without_the_optimizer(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(cross_entropy(y, model(x, training=True))) + sum(model.losses)
    gradients = tape.gradient(loss, model.trainable_variables)
    for variable, gradient in zip(model.trainable_variables, gradients, strict=True):
        variable.assign_sub(optimizer.learning_rate * gradient)
    return float(loss)


def an_optimizer_of_its_own(model, optimizer, x, y):
    adam = keras.optimizers.Adam(float(optimizer.learning_rate))
    return step(model, adam, x, y)


def the_last_layer_alone(model, optimizer, x, y):
    variables = model.layers[-1].trainable_variables
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(cross_entropy(y, model(x, training=True))) + sum(model.losses)
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables, strict=True))
    return float(loss)


def loss_after_the_step(model, optimizer, x, y):
    step(model, optimizer, x, y)
    return float(tf.reduce_mean(cross_entropy(y, model(x))) + sum(model.losses))


def runs_the_model_twice(model, optimizer, x, y):
    model(x, training=True)
    return training.train_step(model, optimizer, x, y)


def the_accuracy(model, optimizer, x, y):
    right = tf.argmax(model(x), axis=1).numpy() == y
    training.train_step(model, optimizer, x, y)
    return float(np.mean(right))


def returns_nothing(model, optimizer, x, y):
    training.train_step(model, optimizer, x, y)


def draw_batch(rng):
    batch, features, classes = (int(n) for n in rng.integers([2, 2, 2], [6, 4, 5]))
    model = {"kernel": np.round(rng.normal(size=(features, classes)), 1).tolist()}
    if rng.random() < 0.4:
        model["l2"] = 0.1
    if rng.random() < 0.6:
        model["batch_normalization"] = True
    x = np.round(rng.normal(size=(batch, features)), 1).astype(np.float32)
    return model, {"learning_rate": 0.5}, x, rng.integers(0, classes, batch)


def batch(*rows):
    return np.array(rows, np.float32)


PLAIN = {"learning_rate": 0.5}

train_step = Exercise(
    reference=training.train_step,
    chapter="30_video_classification",
    task=(
        "Take one step down the gradient of the loss on a batch, with `tf.GradientTape` and the "
        "given optimizer, and return the loss before the step."
    ),
    minutes=12,
    difficulty=2,
    points=4,
    cases=[
        Case("one clip", ({"kernel": [[0.5, 0.0]]}, PLAIN, batch([1]), np.array([0]))),
        Case(
            "three clips, three classes",
            (
                {"kernel": [[0.5, -0.5, 0.0], [0.0, 1.0, -1.0]]},
                PLAIN,
                batch([1, 0], [0, 1], [1, 2]),
                np.array([0, 2, 1]),
            ),
        ),
        Case(
            "batch normalisation",
            (
                {"kernel": [[1.0, -1.0]], "batch_normalization": True},
                PLAIN,
                batch([1], [3], [4]),
                np.array([0, 1, 1]),
            ),
        ),
        Case(
            "a penalty on the weights",
            ({"kernel": [[2.0, -1.0]], "l2": 0.1}, PLAIN, batch([1], [2]), np.array([0, 1])),
        ),
        Case(
            "an optimizer with momentum",
            (
                {"kernel": [[0.5, 0.0]]},
                {"learning_rate": 0.5, "momentum": 0.9},
                batch([1], [2]),
                np.array([0, 1]),
            ),
        ),
        Case(
            "a network that is sure of a mistake",
            ({"kernel": [[100.0, -100.0]]}, PLAIN, batch([1], [2]), np.array([1, 0])),
        ),
    ],
    random_case=draw_batch,
    num_random_cases=8,  # a call takes some hundredths of a second: it builds a model
    # float32, and the steps of a loss may be taken in another order.
    tolerance=(1e-4, 1e-5),
    call=two_steps,
    shown={"model": model_in_words, "optimizer": optimizer_in_words},
    hints=(
        "Three parts. Inside `with tf.GradientTape() as tape:` everything that leads from the "
        "weights to the loss; after it the gradients; then the optimizer, which changes the "
        "weights. In which mode must the model run?",
        "Inside the tape: `logits = model(x, training=True)`, and the loss from logits and whole "
        "numbers as labels, without a softmax of your own. The penalties are in `model.losses` "
        "once the model has run. The gradients are those of `model.trainable_variables`.",
        "`keras.losses.SparseCategoricalCrossentropy(from_logits=True)(y, logits)` plus "
        "`sum(model.losses)`; `gradients = tape.gradient(loss, model.trainable_variables)`; "
        "`optimizer.apply_gradients(zip(gradients, model.trainable_variables))`; "
        "`return float(loss)`.",
    ),
    misconceptions=[
        Misconception(
            "it applies the softmax before a loss that does so itself",
            softmax_before_the_loss,
            "The loss takes logits. A softmax of probabilities, all between 0 and 1, is nearly "
            "flat: the loss stays high and the gradient small, and training merely crawls.",
        ),
        Misconception(
            "it takes logits for probabilities",
            logits_as_probabilities,
            "Keras's loss expects probabilities unless told `from_logits=True`. Logits are then "
            "clipped and divided by their sum, and nothing raises.",
        ),
        Misconception(
            "its softmax runs over the clips",
            softmax_over_the_batch,
            "The probabilities of one clip sum to 1 over its classes, the last axis, not over "
            "the batch.",
        ),
        Misconception(
            "it takes the logarithm of a softmax",
            logarithm_of_the_softmax,
            "When the network is sure of a mistake, the softmax is 0 in float32 and its "
            "logarithm infinite. A loss from logits does both at once and stays finite.",
        ),
        Misconception(
            "it expects labels as one-hot vectors",
            labels_as_one_hot,
            'The labels are whole numbers, one a clip: that is the "sparse" cross-entropy. Do '
            "not mix it up with the one for one-hot rows.",
        ),
        Misconception(
            "it gives whole numbers to a loss for one-hot labels",
            whole_numbers_for_a_one_hot_loss,
            "`CategoricalCrossentropy` wants a row for each label, and so the same rank as the "
            "logits. For whole numbers there is `SparseCategoricalCrossentropy`.",
        ),
        Misconception(
            "it exchanges the labels and the logits",
            logits_before_labels,
            "Keras's losses take the labels first, then what the model says: "
            "`loss(y, logits)`.",
        ),
        Misconception(
            "it sums over the batch",
            the_sum_of_the_batch,
            "Then the step grows with the batch: twice the batch, twice the learning rate. The "
            "loss is the mean over the batch.",
        ),
        Misconception(
            "it returns a loss for each clip",
            a_loss_for_each_clip,
            "The mean over the batch is missing. The gradient of a vector is that of its sum, "
            "so the step is too large as well.",
        ),
        Misconception(
            "it takes no mean over the batch",
            no_mean_over_the_batch,
            "The loss is still a vector, one number for each clip, which no `float(...)` can "
            "make one of: `tf.reduce_mean` is missing.",
        ),
        Misconception(
            "it runs the model as in validation",
            as_in_validation,
            "Without `training=True`, dropout keeps everything, and batch normalisation uses "
            "its running averages and never updates them.",
        ),
        Misconception(
            "it forgets the model's own losses",
            cross_entropy_alone,
            "`fit` adds the penalties on weights by itself; in a loop of your own, without "
            "`sum(model.losses)`, they silently have no effect.",
        ),
        Misconception(
            "it computes the loss outside the tape",
            loss_without_the_tape,
            "The tape records what happens inside its block. What comes after it is unknown to "
            "it: all gradients are None.",
        ),
        Misconception(
            "it makes the loss a number before the gradient",
            loss_as_a_number_in_the_tape,
            "The tape follows tensors. `float(...)` or `.numpy()` cuts the thread: convert when "
            "you return.",
        ),
        Misconception(
            "it makes the loss a NumPy number before the gradient",
            loss_in_numpy_in_the_tape,
            "The tape follows tensors, and `.numpy()` cuts the thread: convert when you return.",
        ),
        Misconception(
            "it takes the logits out of TensorFlow inside the tape",
            logits_in_numpy_in_the_tape,
            "`.numpy()` cuts the thread between the weights and the loss: the cross-entropy "
            "has no gradient, and only the penalties, where there are any, still have one.",
        ),
        Misconception(
            "its tape has no brackets",
            tape_without_brackets,
            "`tf.GradientTape` is the class; `with tf.GradientTape() as tape:` makes a tape.",
        ),
        Misconception(
            "it climbs",
            uphill,
            "The optimizer subtracts the gradient by itself. With a minus sign of yours it goes "
            "up, and the loss grows.",
        ),
        Misconception(
            "it steps by the sign of the gradient",
            signs_alone,
            "How far to step is the optimizer's business: hand it the gradients as they are.",
        ),
        Misconception(
            "it clips the gradients",
            clipped,
            "Clipping is a useful guard, but nobody asked for it here: give it to the "
            "optimizer, `clipnorm=1.0`.",
        ),
        Misconception(
            "it computes the gradients and does not apply them",
            never_applies,
            "The weights stay as they are, and so does the loss: `optimizer.apply_gradients` is "
            "missing.",
        ),
        Misconception(
            "it applies the gradients twice",
            applies_twice,
            "One call changes the weights already. The second goes as far again, from a place "
            "where the gradient is another.",
        ),
        Misconception(
            "it does without the optimizer",
            without_the_optimizer,
            "`weight -= rate * gradient` is plain gradient descent. The optimizer's momentum, "
            "Adam's averages and the schedule of the rate are left out.",
        ),
        Misconception(
            "it makes an optimizer of its own",
            an_optimizer_of_its_own,
            "A new optimizer at each step has forgotten all averages, and it is not the one "
            "that the caller chose.",
        ),
        Misconception(
            "it trains the last layer alone",
            the_last_layer_alone,
            "That is linear probing. Take the gradients of `model.trainable_variables`; a caller "
            "who wants a layer frozen sets its `trainable`.",
        ),
        Misconception(
            "it returns the loss after the step",
            loss_after_the_step,
            "That costs a second pass, and the curve runs one step ahead. Return the loss that "
            "you have just derived.",
        ),
        Misconception(
            "it runs the model twice",
            runs_the_model_twice,
            "Each run with `training=True` moves the averages of batch normalisation and draws "
            "a new dropout. One pass is enough, and half the time.",
        ),
        Misconception(
            "it returns the accuracy",
            the_accuracy,
            "The weights are right. What comes back is the loss, which is what the step went "
            "down.",
        ),
        Misconception(
            "it returns nothing",
            returns_nothing,
            "The weights are right: `return float(loss)` is missing.",
        ),
    ],
    equivalent_mutants={
        "line 28: -1 -> +1": "Logits are (batch, classes): the last axis is axis 1.",
        "line 36: True -> False": "The tape gives a gradient for each variable.",
    },
)
