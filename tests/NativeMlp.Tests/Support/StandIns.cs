// SPDX-License-Identifier: MIT
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace NativeMlp.Tests.Support;

/// <summary>
/// Generated tables with the shape of tables of the folder "shared": names and types of the columns, missing values, what gives the
/// label away. They are the same in every run. What a test may expect of them follows from the rules below.
/// </summary>
internal static class StandIns
{
    private static readonly string[] s_classes = ["First", "Second", "Third"], s_ports = ["Southampton", "Cherbourg", "Queenstown"];

    private static readonly Dictionary<string, Func<IEnumerable<string>>> s_byName = new()
    {
        ["data/tabular/adult.csv.gz"] = () => Adult(10_000, seed: 1),
        ["data/tabular/adult_test.csv.gz"] = () => Adult(5_000, seed: 2),
        ["data/tabular/titanic.csv"] = Titanic,
        ["data/tabular/mpg.csv"] = Mpg,
        ["cases/05-header-of-digits/synthetic/moons_train.csv"] = () => ["0,1,2", .. Points(60, seed: 1)],
        ["cases/06-index-column/synthetic/moons_train.csv"] = () => [",x,y,label", .. SortedPoints(100, seed: 1, first: 0)],
        ["cases/06-index-column/synthetic/moons_test.csv"] = () => [",x,y,label", .. SortedPoints(40, seed: 2, first: 100)],
        ["cases/09-tiny-data-default-batch/synthetic/moons_train.csv"] = () => ["x,y,label", .. Points(24, seed: 1)],
        ["cases/11-predict-without-labels/labelled/synthetic/moons_train.csv"] = () => ["x,y,label", .. Points(60, seed: 1)],
        ["cases/28-a-year-for-a-label/houses.csv"] = () => ["rooms,area,year_built", .. Houses(random => 1950 + random.Next(70))],
        ["cases/28-a-year-for-a-label/prices.csv"] = () => ["rooms,area,price", .. Houses(random => 1000 * random.Next(185, 1251))],
    };

    /// <summary>Writes the table that stands in for a file of the folder "shared".</summary>
    public static void Write(string name, string path)
    {
        using Stream file = File.Create(path);
        using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file;
        using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\n" };
        foreach (string line in s_byName[name]()) writer.WriteLine(line);
    }

    // People. The rule: the label is 1 if at least two of three conditions hold, each of them for half of the people: education-num is
    // above 8, marital-status is Married-civ-spouse or Widowed, hours-per-week is at least 40. Every tenth label is the opposite, so the
    // rule itself has an accuracy of 0.9, a ROC-AUC of 0.9 and a log-loss of -0.9 ln 0.9 - 0.1 ln 0.1 = 0.325, and no model can be
    // expected to be better. The best model that does not know one of the conditions has 0.7, 0.8 and (0.325 + ln 2) / 2 = 0.509.
    private static IEnumerable<string> Adult(int rows, int seed)
    {
        yield return "age,workclass,fnlwgt,education,education-num,marital-status,occupation,relationship,ethnicity,sex,capital-gain,capital-loss,hours-per-week,native-country,label";
        var random = new Random(seed);
        for (int row = 0; row < rows; row++)
        {
            int education = random.Next(1, 17), hours = random.Next(20, 60);
            string status = One(random, "Married-civ-spouse", "Widowed", "Never-married", "Divorced");
            int holds = (education > 8 ? 1 : 0) + (status is "Married-civ-spouse" or "Widowed" ? 1 : 0) + (hours >= 40 ? 1 : 0);
            int label = (holds >= 2) == (row % 10 != 0) ? 1 : 0;
            yield return Line(random.Next(17, 91), Or(random, 5, One(random, "Private", "State-gov", "Local-gov", "Self-emp-inc")),
                random.Next(12_285, 1_484_706), $"level-{education}", education, status,
                Or(random, 6, One(random, "Sales", "Craft-repair", "Tech-support", "Exec-managerial", "Adm-clerical")),
                One(random, "Husband", "Wife", "Own-child", "Not-in-family", "Unmarried"), One(random, "White", "Black", "Other"), One(random, "Male", "Female"),
                random.Next(12) == 0 ? random.Next(114, 10_000) : 0, random.Next(20) == 0 ? random.Next(155, 4_357) : 0, hours,
                Or(random, 2, One(random, "United-States", "Mexico", "Germany", "Canada", "India")), label);
        }
    }

    // 891 passengers. "alive" gives the label away; of the ages 177 are missing and the others have 88 values; of the decks 688 are missing.
    private static IEnumerable<string> Titanic()
    {
        yield return "survived,pclass,sex,age,sibsp,parch,fare,embarked,class,who,adult_male,deck,embark_town,alive,alone";
        var random = new Random(1);
        for (int row = 0, ages = 0; row < 891; row++)
        {
            int survived = random.Next(2), level = random.Next(3), port = random.Next(3);
            string age = row % 5 == 0 && row < 5 * 177 ? "" : $"{1 + (ages++ % 88)}.0";
            string deck = row % 4 == 0 && row < 4 * (891 - 688) ? One(random, "A", "B", "C", "D") : "";
            yield return Line(survived, level + 1, One(random, "male", "female"), age, random.Next(4), random.Next(3), random.Next(500) / 4.0,
                "SCQ"[port], s_classes[level], One(random, "man", "woman", "child"), random.Next(2) == 0, deck, s_ports[port], survived == 1 ? "yes" : "no", random.Next(2) == 0);
        }
    }

    // 398 cars. 6 horsepowers are missing, and the names have 305 values.
    private static IEnumerable<string> Mpg()
    {
        yield return "mpg,cylinders,displacement,horsepower,weight,acceleration,model_year,origin,name";
        var random = new Random(1);
        for (int row = 0; row < 398; row++)
        {
            string power = row % 66 == 65 ? "" : $"{random.Next(46, 231)}.0";
            yield return Line(random.Next(18, 94) / 2.0, 2 * random.Next(2, 5), random.Next(68, 456), power, random.Next(1613, 5141), random.Next(80, 249) / 10.0,
                random.Next(70, 83), One(random, "usa", "japan", "europe"), $"car {row % 305}");
        }
    }

    private static IEnumerable<string> Houses(Func<Random, int> label)
    {
        var random = new Random(1);
        return Enumerable.Range(0, 300).Select(_ => Line(random.Next(2, 7), random.Next(500, 2500) / 10.0, label(random)));
    }

    // Points in the plane. The label is the sign of x, which keeps away from 0.
    private static IEnumerable<string> Points(int count, int seed)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, count).Select(i => Line((random.Next(500, 1500) * ((2 * (i % 2)) - 1)) / 1000.0, random.Next(-1000, 1001) / 1000.0, i % 2));
    }

    // Sorted by the label, behind the number of the row.
    private static IEnumerable<string> SortedPoints(int count, int seed, int first) =>
        Points(count, seed).OrderBy(line => line[^1]).Select((line, row) => Line(first + row, line));

    private static string One(Random random, params ReadOnlySpan<string> values) => values[random.Next(values.Length)];

    private static string Or(Random random, int percent, string value) => random.Next(100) < percent ? "?" : value;

    private static string Line(params ReadOnlySpan<object> cells)
    {
        var line = new StringBuilder();
        foreach (object cell in cells) line.Append(line.Length == 0 ? "" : ",").Append(CultureInfo.InvariantCulture, $"{cell}");
        return line.ToString();
    }
}
