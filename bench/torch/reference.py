"""Writes packages/plastica/src/credit/torch.fixture.json: what PyTorch makes of networks that the engine's tests build too.

Four kinds of truth. Gradients, in float64, of every neuron model, loss and batch size, with and without layer normalisation.
Weights after 1,000 steps of training, in float32, for every synaptic rule that PyTorch has. And the same for Adam with a birth
and a death on the way, moments carried by hand. And gradients of networks of maps: stride, padding, groups, pools, normalisation by
batch and by layer, with running statistics after one batch. Starts and data are
addressed draws (Threefry-2x32 with 13 rounds), so that both sides make them from a few numbers; see
packages/plastica/src/credit/testing.ts, the other side. Numbers are written in strings: a file of 200 kB, not of 20,000 lines.

    python3 bench/torch/reference.py            # needs torch and numpy; made with torch 1.13
"""

import json
import pathlib

import numpy as np
import torch
from torch.nn import functional as F

torch.set_num_threads(1)

PARAMETERS, INPUTS, TARGETS, TEACHER, START, NEWBORN = 1, 2, 3, 4, 5, 6  # the key of each kind of draw
FIXTURE = pathlib.Path(__file__).parents[2] / "packages/plastica/src/credit/torch.fixture.json"


def uniform(stream, count):
    """The first draws of key (stream, 0): multiples of 2^-24 in [0, 1)."""
    with np.errstate(over="ignore"):
        keys = [np.uint32(stream), np.uint32(0), np.uint32(0x1BD11BDA ^ stream)]
        x = np.arange(count, dtype=np.uint32) + keys[0]
        y = np.zeros(count, dtype=np.uint32) + keys[1]
        for i in range(13):
            turn = np.uint32([13, 15, 26, 6, 17, 29, 16, 24][i % 8])
            x = x + y
            y = ((y << turn) | (y >> (np.uint32(32) - turn))) ^ x
            if i % 4 == 3:
                j = (i + 1) // 4
                x = x + keys[j % 3]
                y = y + keys[(j + 1) % 3] + np.uint32(j)
    return (x >> np.uint32(8)).astype(np.float64) / 2**24


MODELS = {
    "linear": lambda x: x,
    "relu": torch.relu,
    "leaky-relu": lambda x: F.leaky_relu(x, 0.01),
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "gelu": F.gelu,
    "softplus": F.softplus,
    "crelu": lambda x: torch.cat([torch.relu(x), torch.relu(-x)], 1),
}

LOSSES = {
    "cross-entropy": F.cross_entropy,
    "binary-cross-entropy": F.binary_cross_entropy_with_logits,
    "squared-error": F.mse_loss,
}


class Net:
    """Layers of the given sizes: the model between them, the last linear. Weights are [pre][post], as the engine's."""

    def __init__(self, sizes, model, norm, dtype, stream):
        self.model, self.norm = MODELS[model], norm
        planes = 2 if model == "crelu" else 1
        shapes = []
        for i, (pre, post) in enumerate(zip(sizes, sizes[1:])):
            hidden = i + 2 < len(sizes)
            name = f"hidden{i + 1}" if hidden else "output"
            shapes.append((f"{name}.w", (pre * (planes if i else 1), post)))
            shapes.append((f"{name}.bias", (post,)))
            if norm and hidden:
                shapes += [(f"{name}.gain", (post,)), (f"{name}.shift", (post,))]
        draws = uniform(stream, sum(int(np.prod(shape)) for _, shape in shapes))
        self.parameters, at = {}, 0
        for name, shape in shapes:
            count = int(np.prod(shape))
            values = draws[at : at + count] - 0.5 + (1 if name.endswith("gain") else 0)
            self.parameters[name] = torch.tensor(values.reshape(shape), dtype=dtype, requires_grad=True)
            at += count

    def __call__(self, x):
        p = self.parameters
        names = [name[:-2] for name in p if name.endswith(".w")]
        for name in names:
            x = x @ p[f"{name}.w"] + p[f"{name}.bias"]
            if name == "output":
                return x
            if self.norm:
                x = F.layer_norm(x, x.shape[1:], p[f"{name}.gain"], p[f"{name}.shift"], 1e-5)
            x = self.model(x)


def text(tensor, digits):
    return " ".join(f"{value:.{digits}g}" for value in tensor.detach().numpy().ravel())


def gradients():
    sizes = (5, 4, 3)
    found = {}
    for model in MODELS:
        for loss in LOSSES:
            for batch in (1, 3, 16):
                for norm in (False, True):
                    net = Net(sizes, model, norm, torch.float64, PARAMETERS)
                    x = torch.tensor(2 * uniform(INPUTS, batch * 5).reshape(batch, 5) - 1)
                    u = uniform(TARGETS, batch * 3).reshape(batch, 3)
                    t = torch.tensor(np.floor(3 * u[:, 0]).astype(np.int64) if loss == "cross-entropy" else u)
                    value = LOSSES[loss](net(x), t)
                    value.backward()
                    name = f"{model} {loss} {batch}{' norm' if norm else ''}"
                    found[name] = {"loss": f"{value.item():.9g}"}
                    found[name] |= {key: text(p.grad, 7) for key, p in net.parameters.items()}
    return found


IMAGE = (7, 6, 3)  # height, width, channels
MAPS = {
    "stride and padding": [dict(channels=5, model="tanh", kernel=(3, 2), stride=(2, 1), padding=(1, 2))],
    "pools": [
        dict(channels=6, model="relu", kernel=(3, 3), padding=(1, 1), pool=lambda x: F.max_pool2d(x, 2)),
        dict(channels=5, model="tanh", kernel=(2, 2), pool=lambda x: F.avg_pool2d(x, (2, 1), stride=1)),
    ],
    "pools that overlap": [dict(channels=4, model="relu", kernel=(2, 2), pool=lambda x: F.max_pool2d(x, 3, stride=(1, 2)))],
    "global average": [dict(channels=9, model="softplus", kernel=(3, 3), padding=(1, 1), pool=lambda x: x.mean((2, 3), keepdim=True))],
    "groups": [
        dict(channels=6, model="tanh", kernel=(3, 3), groups=3),
        dict(channels=4, model="relu", kernel=(2, 2), groups=2),
    ],
    "two planes": [dict(channels=3, model="crelu", kernel=(3, 3), pool=lambda x: F.max_pool2d(x, 2)), dict(channels=5, model="crelu", kernel=(2, 2))],
    "layer norm": [dict(channels=5, model="tanh", kernel=(3, 3), norm="layer", pool=lambda x: F.max_pool2d(x, 2))],
    "batch norm": [
        dict(channels=5, model="relu", kernel=(3, 3), norm="batch", pool=lambda x: F.max_pool2d(x, 2)),
        dict(channels=4, model="tanh", kernel=(2, 2), norm="batch"),
    ],
}


def maps():
    """Images come position by position, weights are [place of the kernel][plane][pre][post], as the engine's."""
    found = {}
    for kind, layers in MAPS.items():
        batch, (height, width, channels) = 3, IMAGE
        at, parameters, running = 0, {}, {}
        stream = uniform(PARAMETERS, 20000)

        def draw(name, shape, more=0.0):
            nonlocal at
            count = int(np.prod(shape))
            parameters[name] = torch.tensor(stream[at : at + count].reshape(shape) - 0.5 + more, requires_grad=True)
            at += count
            return parameters[name]

        x = torch.tensor(2 * uniform(INPUTS, batch * height * width * channels).reshape(batch, height, width, channels) - 1)
        x = x.permute(0, 3, 1, 2)
        before, planes = channels, 1
        for i, layer in enumerate(layers):
            name, size, groups = f"hidden{i + 1}", layer["channels"], layer.get("groups", 1)
            rows, (down, across) = planes * before, layer["kernel"]
            w = draw(f"{name}.w", (down, across, rows, size))
            bias = draw(f"{name}.bias", (size,))
            # Of a group's outputs, its own inputs: [post][pre in the group][down][across].
            full = w.permute(3, 2, 0, 1)
            each, own = size // groups, rows // groups
            weight = torch.cat([full[g * each : (g + 1) * each, g * own : (g + 1) * own] for g in range(groups)])
            x = F.conv2d(x, weight, bias, layer.get("stride", 1), layer.get("padding", 0), 1, groups)
            if "norm" in layer:
                gain, shift = draw(f"{name}.gain", (size,), 1.0), draw(f"{name}.shift", (size,))
                if layer["norm"] == "layer":
                    x = F.group_norm(x, 1, gain, shift, 1e-5)
                else:
                    mean, var = torch.zeros(size, dtype=x.dtype), torch.ones(size, dtype=x.dtype)
                    x = F.batch_norm(x, mean, var, gain, shift, True, 0.1, 1e-5)
                    running |= {f"{name}.running.mean": mean, f"{name}.running.var": var}
            x = MODELS[layer["model"]](x)
            x = layer.get("pool", lambda y: y)(x)
            before, planes = size, 2 if layer["model"] == "crelu" else 1
        out = x.permute(0, 2, 3, 1).flatten(1)
        out = out @ draw("output.w", (out.shape[1], 3)) + draw("output.bias", (3,))
        u = uniform(TARGETS, batch * 3).reshape(batch, 3)
        value = F.cross_entropy(out, torch.tensor(np.floor(3 * u[:, 0]).astype(np.int64)))
        value.backward()
        found[kind] = {"loss": f"{value.item():.9g}"}
        found[kind] |= {key: text(p.grad, 7) for key, p in parameters.items()}
        found[kind] |= {key: text(p, 7) for key, p in running.items()}
    return found


RULES = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.01),
    "sgd, l2": lambda p: torch.optim.SGD(p, lr=0.01, weight_decay=0.01),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9),
    "nesterov": lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9, nesterov=True),
    "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.01, eps=1e-10),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.001, alpha=0.99, eps=1e-8),
    "adam": lambda p: torch.optim.Adam(p, lr=0.001, betas=(0.9, 0.999), eps=1e-8),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.1),
}
STEPS = 1000


def examples(count):
    """Inputs in [-1, 1), and the class that a linear teacher with weights -1, 0 and 1 gives them."""
    x = 2 * uniform(INPUTS, count * 20).reshape(count, 20) - 1
    teacher = np.floor(3 * uniform(TEACHER, 100).reshape(20, 5)) - 1
    return x, np.argmax(x @ teacher, axis=1)  # exact in float64, whatever the order of the sum


def train(model, rule, batch, dtype):
    net = Net((20, 16, 12, 5), model, False, dtype, START)
    optimiser = RULES[rule](list(net.parameters.values()))
    x, labels = examples(STEPS * batch)
    x, labels = torch.tensor(x, dtype=dtype), torch.tensor(labels)
    for step in range(STEPS):
        at = slice(step * batch, (step + 1) * batch)
        optimiser.zero_grad()
        F.cross_entropy(net(x[at]), labels[at]).backward()
        optimiser.step()
    return net.parameters


def training():
    found = {}
    for model in ("tanh", "relu"):
        for rule in RULES if model == "tanh" else ("sgd", "adam"):
            for batch in (1, 16):
                weights = train(model, rule, batch, torch.float32)
                exact = train(model, rule, batch, torch.float64)
                apart = max((weights[key] - exact[key]).abs().max().item() for key in weights)
                print(f"{model}, {rule}, batch {batch}: float32 and float64 are {apart:.1e} apart")
                # From some starts a neuron comes so near its kink that rounding decides: about one in nine of ReLU and
                # Adam. Such a run says nothing about who computes rightly; START is one where none does.
                assert apart < 5e-5, "choose another START"
                found[f"{model}, {rule}, {batch}"] = {key: text(p, 8) for key, p in weights.items()}
    return found


BIRTH, DEATH, BORN, DEAD = 300, 700, 3, (2, 5)  # steps made before each, newborns in hidden1, and which of its neurons die


class Changing:
    """A network of one hidden layer of old and one of new neurons beside each other, under an Adam that is rebuilt by hand.

    PyTorch's Adam keeps one count of steps for a whole tensor, so newborn synapses are tensors of their own."""

    def __init__(self, dtype):
        self.p = dict(Net((20, 16, 12, 5), "tanh", False, dtype, START).parameters)
        self.dtype, self.state = dtype, {}
        self.rebuild()

    def rebuild(self):
        """A new optimiser on the parameters as they are now, with the moments that were there."""
        for name, p in self.p.items():
            self.p[name] = p.detach().clone().requires_grad_(True)
        self.optimiser = RULES["adam"](list(self.p.values()))
        for name, state in self.state.items():
            self.optimiser.state[self.p[name]] = state
        self.state = {}

    def keep(self, choose):
        """Carries the moments over: `choose` picks, of a tensor of that name, the part that stays."""
        for name, p in self.p.items():
            state = self.optimiser.state[p]
            moments = {key: choose(name, state[key]).clone() for key in ("exp_avg", "exp_avg_sq")}
            self.state[name] = {"step": state["step"].clone() if torch.is_tensor(state["step"]) else state["step"], **moments}

    def birth(self):
        self.keep(lambda name, tensor: tensor)
        draws = torch.tensor(uniform(NEWBORN, BORN * (20 + 1 + 12)) - 0.5, dtype=self.dtype)
        self.p["new.w"] = draws[: 20 * BORN].reshape(20, BORN)
        self.p["new.bias"] = draws[20 * BORN : 21 * BORN]
        self.p["new.out"] = draws[21 * BORN :].reshape(BORN, 12)
        self.rebuild()

    def death(self):
        stay = [i for i in range(16) if i not in DEAD]

        def choose(name, tensor):
            if name in ("hidden1.w", "hidden1.bias"):
                return tensor[..., stay]
            return tensor[stay] if name == "hidden2.w" else tensor

        self.keep(choose)
        self.p = {name: choose(name, p.detach()) for name, p in self.p.items()}
        self.rebuild()

    def __call__(self, x):
        p = self.p
        hidden = torch.tanh(x @ p["hidden1.w"] + p["hidden1.bias"]) @ p["hidden2.w"]
        if "new.w" in p:
            hidden = hidden + torch.tanh(x @ p["new.w"] + p["new.bias"]) @ p["new.out"]
        return torch.tanh(hidden + p["hidden2.bias"]) @ p["output.w"] + p["output.bias"]


def change(batch, dtype):
    net = Changing(dtype)
    x, labels = examples(STEPS * batch)
    x, labels = torch.tensor(x, dtype=dtype), torch.tensor(labels)
    for step in range(STEPS):
        if step == BIRTH:
            net.birth()
        if step == DEATH:
            net.death()
        at = slice(step * batch, (step + 1) * batch)
        net.optimiser.zero_grad()
        F.cross_entropy(net(x[at]), labels[at]).backward()
        net.optimiser.step()
    return net.p


def changing():
    found = {}
    for batch in (1, 16):
        weights, exact = change(batch, torch.float32), change(batch, torch.float64)
        apart = max((weights[key] - exact[key]).abs().max().item() for key in weights)
        print(f"a birth and a death, batch {batch}: float32 and float64 are {apart:.1e} apart")
        assert apart < 5e-5, "choose another START"
        found[str(batch)] = {key: text(p, 8) for key, p in weights.items()}
    return found


if __name__ == "__main__":
    made = {"torch": torch.__version__, "gradients": gradients(), "training": training(), "changing": changing(), "maps": maps()}
    FIXTURE.write_text(json.dumps(made, indent=2) + "\n")
    print(f"{FIXTURE.name}: {FIXTURE.stat().st_size} bytes")
