using Layerbench.Core.Catalog;
using Layerbench.Worker.Generator;
using Layerbench.Worker.Variants;
using TorchSharp.Modules;

namespace Layerbench.Worker.Learning;

/// <summary>Can one layer learn to compare each token with the one <c>distance</c> before it?</summary>
internal sealed class Pairwise : TrainingPass
{
    public override PassInfo Info { get; } =
        Describe(
            "pairwise",
            "Trains embedding, variant and linear head on y_t = [x_t * x_(t-distance) > 0], x_t from N(0,1)",
            learningRate: "0.04",
            steps: "800",
            [
                new(
                    "distance",
                    "integer",
                    "tokens between the two that are compared; less than seq_len",
                    "27",
                    Minimum: 1
                ),
            ],
            blocks: "1",
            guess: "0.5",
            stepFlops: "0",
            // Drawing the numbers takes some 40 int64 and float64 passes over them; spreading them, adding positions and
            // the head some 20 over the features.
            stepBytes: "batch*seq_len*(40*16+20*4*d_model)"
        );

    protected override void Check(AxisValues values)
    {
        var (distance, length) = (values.Integer("distance"), values.Integer("seq_len"));
        Require(distance < length, $"distance: is {distance} in sequences of {length} tokens; give less than seq_len");
    }

    protected override LearningTask Begin(TrialDraws draws) => new Task(draws, new(draws));

    /// <summary>
    /// logit_t = layer(x_t e + P_t)·w + b: one number a token, spread over d_model features by the learnt e, learnt
    /// positions P.
    /// </summary>
    private sealed class Model
    {
        private readonly Func<Tensor, bool, Tensor> layer;
        private readonly Parameter embedding;
        private readonly Parameter positions;
        private readonly Parameter headWeight;
        private readonly Parameter headBias;

        public Model(TrialDraws draws)
        {
            var (length, d) = (draws.Values.Integer("seq_len"), draws.Values.Integer("d_model"));
            layer = draws.Layer(0);
            embedding = draws.Weight(new("embedding", [d], 0, 1));
            positions = draws.Weight(new("positions", [length, d], 0, 1 / Math.Sqrt(d)));
            headWeight = draws.Weight(WeightSpec.Matrix("head_w", d));
            headBias = draws.Weight(WeightSpec.Bias("head_b", 1));
        }

        /// <summary>[batch, seq_len] to the same.</summary>
        public Tensor Logits(Tensor x, bool training)
        {
            var spread = x.unsqueeze(-1).mul(embedding).add(positions);
            return layer(spread, training).matmul(headWeight).add(headBias);
        }
    }

    /// <summary>Adam, mean logistic loss over the positions that have a partner.</summary>
    private sealed class Task(TrialDraws draws, Model model)
        : LearningTask(
            draws,
            clip: null,
            (parameters, rate) => torch.optim.Adam(parameters, rate, beta1: 0.9, beta2: 0.999, eps: 1e-8)
        )
    {
        private readonly SeededTensors source = draws.Source;
        private readonly long batch = draws.Values.Integer("batch");
        private readonly long length = draws.Values.Integer("seq_len");
        private readonly long distance = draws.Values.Integer("distance");
        private readonly Tensor test = draws.Source.Normal(
            "x@test",
            [TestSequencesFor(draws.Values.Integer("batch")), draws.Values.Integer("seq_len")],
            0,
            1
        );

        protected override Tensor Loss(long step)
        {
            var (logits, labels) = Answers(source.Normal($"x@{step}", [batch, length], 0, 1), training: true);
            return Functional.binary_cross_entropy_with_logits(logits, labels);
        }

        protected override (double Accuracy, double Loss) Test()
        {
            var (right, total, loss) = (0L, 0L, 0.0);
            foreach (var x in test.split(batch))
            {
                var (logits, labels) = Answers(x, training: false);
                right += logits.gt(0).eq(labels.gt(0.5)).sum().item<long>();
                total += labels.numel();
                var mean = Functional.binary_cross_entropy_with_logits(logits, labels);
                loss += mean.to(torch.ScalarType.Float64).item<double>() * labels.numel();
            }

            return ((double)right / total, loss / total);
        }

        /// <summary>Logits and labels 0 or 1, each [batch, seq_len − distance], at least in float32.</summary>
        private (Tensor Logits, Tensor Labels) Answers(Tensor x, bool training)
        {
            var asked = length - distance;
            var logits = LossTypes.Widened(model.Logits(x, training).narrow(1, distance, asked));
            var product = x.narrow(1, distance, asked).mul(x.narrow(1, 0, asked));
            return (logits, product.gt(0).to(logits.dtype));
        }
    }
}
