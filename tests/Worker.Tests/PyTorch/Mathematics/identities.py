"""What the mathematics says of the variants, beyond that each equals its reference. Run by MathematicsTests.cs."""
import unittest

import torch
from layers import VARIANTS, batch, layer, made, point, weights

CAUSAL = [n for n, m in VARIANTS.items() if any(a.name == "causal" for a in m.VARIANT.axes)]
CONVOLUTIONS = ["mix.gconv_circulant", "mix.gconv_direct", "mix.gconv_fft", "mix.gconv2", "mix.gfnet", "mix.full_conv"]
ATTENTIONS = ["mix.attention", "mix.sdpa", "mix.linear_attention"]


class Identities(unittest.TestCase):
    def assert_equal(self, a, b, tolerance=1e-12):
        torch.testing.assert_close(a, b, rtol=0, atol=tolerance * float(b.abs().max()))

    def test_a_circular_convolution_commutes_with_rolling_the_sequence(self):
        for name in CONVOLUTIONS:
            with self.subTest(name):
                f, x = made(name), batch()
                self.assert_equal(f(x.roll(3, 1)), f(x).roll(3, 1))

    def test_attention_commutes_with_permuting_the_sequence(self):
        order = torch.tensor([5, 2, 7, 0, 1, 6, 3, 4])
        for name in ATTENTIONS:
            with self.subTest(name):
                f, x = made(name), batch()
                self.assert_equal(f(x[:, order]), f(x)[:, order])

    def test_a_causal_form_sees_no_later_time_step_and_the_other_form_does(self):
        for name in [*CAUSAL, "mix.hyena"]:
            with self.subTest(name):
                self.assertLess(self._sight_of_later_steps(made(name, causal=True)), 1e-12)
                if name in CAUSAL:
                    self.assertGreater(self._sight_of_later_steps(made(name, causal=False)), 1e-3)

    def test_every_mixer_in_causal_blocks_is_causal(self):
        for mixer in VARIANTS["net.blocks"].CAUSAL:
            for other in ("mix.attention", mixer):
                with self.subTest(mixer):
                    f = made("net.blocks", mixer=mixer, other_mixer=other, other_every=2, causal=True, between="gelu")
                    self.assertLess(self._sight_of_later_steps(f), 1e-12)

    def _sight_of_later_steps(self, f) -> float:
        """max |dy_i/dx_j|, j > i."""
        x = batch()[:1]
        size, width = x.shape[1], x.shape[2]
        slopes = torch.autograd.functional.jacobian(f, x).reshape(size, width, size, width).abs().amax((1, 3))
        return float(slopes.triu(1).max())

    def test_two_convolutions_with_nothing_between_are_one_with_the_composed_kernel(self):
        for causal in (False, True):
            for method in ("direct", "fft"):
                with self.subTest(causal=causal, method=method):
                    p = point(causal=causal, method=method, activation="none")
                    w = weights("mix.gconv2", p)
                    size = p["seq_len"]
                    composed = torch.zeros_like(w["k1"])
                    for a in range(size):
                        for b in range(size if not causal else size - a):
                            composed[(a + b) % size] += w["k1"][a] * w["k2"][b]
                    one = layer("mix.gconv_direct", p, {"k": composed})
                    self.assert_equal(layer("mix.gconv2", p, w)(batch()), one(batch()))

    def test_a_relu_between_two_convolutions_makes_them_something_else(self):
        p = point(activation="none")
        w = weights("mix.gconv2", p)
        linear, other = (layer("mix.gconv2", {**p, "activation": f}, w)(batch()) for f in ("none", "relu"))
        self.assertGreater(float((linear - other).abs().max()), 0.1)

    def test_attention_without_queries_and_keys_is_mean_pooling(self):
        for name in ATTENTIONS:
            with self.subTest(name):
                w = weights(name, point())
                w["wq"], w["wk"] = torch.zeros_like(w["wq"]), torch.zeros_like(w["wk"])
                mean = batch().mean(1, keepdim=True).matmul(w["wv"]).matmul(w["wo"])
                self.assert_equal(layer(name, point(), w)(batch()), mean.expand(-1, 8, -1))

    def test_linear_attention_is_the_same_summed_first_or_scored_first(self):
        for causal in (False, True):
            with self.subTest(causal=causal):
                first, scored = (
                    self._with_gradient(made("mix.linear_attention", form=form, causal=causal))
                    for form in ("linear", "quadratic")
                )
                for a, b in zip(first, scored):
                    self.assert_equal(a, b)

    def _with_gradient(self, f):
        x = batch().requires_grad_(True)
        y = f(x)
        y.square().sum().backward()
        return y.detach(), x.grad

    def test_a_global_filter_of_a_kernels_spectrum_is_the_global_convolution(self):
        for size in (8, 7):
            with self.subTest(size):
                p = point(seq_len=size)
                k = weights("mix.gconv_fft", p)
                spectrum = torch.fft.rfft(k["k"], dim=0).conj()
                filters = {"f_re": spectrum.real.contiguous(), "f_im": spectrum.imag.contiguous()}
                self.assert_equal(layer("mix.gfnet", p, filters)(batch(p)), layer("mix.gconv_direct", p, k)(batch(p)))

    def test_a_full_convolution_of_diagonal_matrices_is_the_depthwise_one(self):
        for causal in (False, True):
            with self.subTest(causal=causal):
                p = point(causal=causal)
                k = weights("mix.gconv_direct", p)
                full = layer("mix.full_conv", p, {"k": torch.diag_embed(k["k"])})
                self.assert_equal(full(batch()), layer("mix.gconv_fft", p, k)(batch()))

    def test_the_definition_of_a_convolution_has_the_gradients_of_finite_differences(self):
        from variants import _convolution

        k = weights("mix.gconv_direct", point())["k"].requires_grad_(True)
        x = batch().requires_grad_(True)
        for causal in (False, True):
            self.assertTrue(torch.autograd.gradcheck(lambda k, x: _convolution.plain(k, x, causal), (k, x)))

    def test_the_reference_of_long_convolutions_is_the_definition(self):
        from variants import _convolution, _spectral

        for size in (9, 128):
            p = point(seq_len=size)
            k = weights("mix.gconv_direct", p)["k"]
            for causal in (False, True):
                with self.subTest(size=size, causal=causal):
                    long = _spectral.convolve(k, batch(p), causal)
                    self.assert_equal(long, _convolution.plain(k, batch(p), causal))

    def test_every_nth_block_has_the_other_mixer(self):
        p = point(depth=5, mixer="mix.gconv_fft", other_mixer="mix.attention", other_every=2)
        names = [t.name for t in VARIANTS["net.blocks"].tensors(p)]
        self.assertEqual([n for n in names if n.endswith((".k", ".wq"))], [
            "block0.k", "block1.wq", "block2.k", "block3.wq", "block4.k",
        ])

    def test_a_block_is_its_parts(self):
        """Post-LN with residuals, written out."""
        p = point(depth=1, norm="post", between="gelu")
        w = weights("net.blocks", p)
        own = {n.split(".", 1)[1]: t for n, t in w.items()}
        x = batch()
        for part, norm in ((layer("mix.attention", p, own), "ln1"), (layer("ffn.dense", p, own), "ln2")):
            y = torch.nn.functional.gelu(part(x)) if norm == "ln1" else part(x)
            x = torch.nn.functional.layer_norm(x + y, (4,), own[norm + "_scale"], own[norm + "_shift"], 1e-6)
        self.assert_equal(layer("net.blocks", p, w)(batch()), x)

    def test_names_of_a_blocks_tensors_belong_to_one_part_only(self):
        blocks = VARIANTS["net.blocks"]
        for ffn in filter(None, blocks.FFNS.values()):
            of_ffn = {t.name for t in ffn.tensors(point())}
            for name, mixer in blocks.MIXERS.items():
                self.assertFalse(of_ffn & {t.name for t in mixer.tensors(point())}, name)


if __name__ == "__main__":
    torch.set_num_threads(1)
    unittest.main()
