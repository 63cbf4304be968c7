// SPDX-License-Identifier: MIT
using System.Globalization;

namespace NativeMlp.Data;

/// <summary>The built-in data sets. Add a new one here.</summary>
internal static class BuiltInDataSets
{
    // Training and evaluation must generate the same rows.
    private const ulong TrainSeed = 1;
    private const ulong TestSeed = 2;

    private static readonly TrainingDefaults Plane = new() { Hidden = 64, Epochs = 100, Batch = 50, AdamRate = 1e-2 };

    public static BuiltInDataSet Spirals { get; } = OfThePlane("spirals", 3, seed => Synthetic.Spirals(900, seed)) with { Defaults = Plane with { Epochs = 300 } };

    public static BuiltInDataSet Cifar10 { get; } = new("cifar10", new Cifar10Files("cifar-10"))
    {
        ClassNames = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
        Defaults = new() { Hidden = 50 },
    };

    /// <summary>All built-in data sets, in the order of lists.</summary>
    public static IReadOnlyList<BuiltInDataSet> All { get; } =
    [
        OfThePlane("xor", 2, seed => Synthetic.Xor(1000, seed)),
        OfThePlane("circles", 2, seed => Synthetic.Circles(1000, seed)),
        OfThePlane("moons", 2, seed => Synthetic.Moons(1000, seed)),
        Spirals,
        new("mnist", new IdxFiles("mnist")),
        new("fashion-mnist", new IdxFiles("fashion-mnist"))
        {
            ClassNames = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
        },
        Cifar10,
    ];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(set => set.Name)];

    /// <exception cref="ArgumentException">There is no data set of that name.</exception>
    public static BuiltInDataSet Get(string name) => All.FirstOrDefault(set => set.Name == name) ?? throw new ArgumentException(
        $"There is no data set {Printable.Quoted(name)}. The data sets are {string.Join(", ", Names)}.", nameof(name));

    /// <summary>Returns a default of all data sets for a sentence, the general one first, such as "256; cifar10 50".</summary>
    public static string Describe<T>(Func<TrainingDefaults, T> value) where T : IFormattable
    {
        string general = Text(value(new TrainingDefaults()));
        IEnumerable<string> others = All.GroupBy(set => Text(value(set.Defaults))).Where(group => group.Key != general)
            .Select(group => $"{string.Join(", ", group.Select(set => set.Name))} {group.Key}");
        return string.Join("; ", others.Prepend(general));

        static string Text(T number) => number.ToString(null, CultureInfo.InvariantCulture);
    }

    private static BuiltInDataSet OfThePlane(string name, int classes, Func<ulong, Dataset> generate) =>
        new(name, new PlaneFiles("synthetic", name, classes)) { Defaults = Plane, Generate = () => (generate(TrainSeed), generate(TestSeed)) };
}
