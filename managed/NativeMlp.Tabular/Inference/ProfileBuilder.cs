// SPDX-License-Identifier: MIT
using NativeMlp.Tables;
using NativeMlp.Tabular.Reading;

namespace NativeMlp.Tabular.Inference;

/// <summary>Determines the profile of a table.</summary>
internal sealed class ProfileBuilder
{
    private const int FewestFilled = 2;

    private readonly Table _table;
    private readonly InferenceOptions _options;
    private readonly IReadOnlyDictionary<string, NotANumber> _notNumbers;
    private readonly Dictionary<string, Judgement> _said = new(StringComparer.Ordinal);

    public ProfileBuilder(Table table, InferenceOptions options, IReadOnlyDictionary<string, NotANumber>? notNumbers = null)
    {
        (_table, _options) = (table, options);
        _notNumbers = notNumbers ?? new Dictionary<string, NotANumber>();
        Say(options.Labels, "label", new(ColumnRole.Label, null, "it is the column to predict"));
        Say(One(options.Weight), "weight", new(ColumnRole.Weight, ColumnType.Number, "it contains the weights of the rows"));
        Say(One(options.Group), "group", new(ColumnRole.Group, null, "it contains the groups of the rows"));
        Say(options.Ids, "id", new(ColumnRole.Id, null, "an option says that it only identifies the rows"));
        Say(options.Ignore, "ignore", new(ColumnRole.LeftOut, null, "an option says so"));
        Say(options.Numeric, "numeric", ColumnRules.Override(ColumnType.Number));
        Say(options.Categorical, "categorical", ColumnRules.Override(ColumnType.Category));
        Say(options.Boolean, "boolean", ColumnRules.Override(ColumnType.Boolean));
        Say(options.Date, "date", ColumnRules.Override(ColumnType.Date));
        if (options.Multilabel && options.Labels.Count < 2)
            throw new ArgumentException("Several labels are needed for --multilabel; name them with --labels a,b.");
    }

    /// <summary>Determines the profile.</summary>
    public TableProfile Build()
    {
        ColumnFacts[] facts = new ColumnFacts[_table.Columns.Count];
        Parallel.For(0, facts.Length, i => facts[i] = ColumnFacts.Of(_table.Columns[i]));
        ColumnFacts[] labels = [.. _options.Labels.Select(label => facts.First(column => column.Column.Name == label))];
        (TableTask Task, string Reason)? task = labels.Length == 0 ? null : TaskRules.Find(labels, _options);
        LabelValues? label = labels.Length == 1 ? LabelValues.Of(labels[0].Column, task!.Value.Task != TableTask.Regression) : null;
        DateOrder? order = _options.DateOrder ?? DateOrders.Find(_table.Columns.OfType<TextColumn>().Where(MayBeDates));
        ColumnProfile[] columns = new ColumnProfile[facts.Length];
        Parallel.For(0, facts.Length, i => columns[i] = Judge(facts[i], task?.Task, label, order));
        return new TableProfile
        {
            Rows = _table.RowCount,
            Columns = columns,
            Task = task?.Task,
            TaskReason = task?.Reason ?? "",
            DateOrder = order,
            Notes = [.. labels.Where(column => column.Missing > 0).Select(column =>
                $"{column.Missing} of {_table.RowCount} rows have no {Printable.Quoted(column.Column.Name, 60)} and are left out.")],
        };
    }

    private bool MayBeDates(TextColumn column) => !_said.TryGetValue(column.Name, out Judgement said) || said.Type == ColumnType.Date;

    private ColumnProfile Judge(ColumnFacts facts, TableTask? task, LabelValues? label, DateOrder? order)
    {
        Judgement judgement = _said.TryGetValue(facts.Column.Name, out Judgement said) ? said : ColumnRules.Judge(facts, order);
        if (judgement.Type == ColumnType.Date && order is null && facts.Column is TextColumn text && DateOrders.AreAmbiguous(text)) judgement = ColumnRules.Undecided(facts);
        if (judgement.Role == ColumnRole.Label) judgement = judgement with { Type = LabelType(facts, task!.Value) };
        string? warning = judgement.Role == ColumnRole.Feature && label is not null ? LeakCheck.Find(facts, label) : null;
        bool isText = facts.Column is TextColumn;
        return new ColumnProfile(
            facts.Column.Name, judgement.Role, judgement.Type, facts.Missing, facts.Distinct,
            isText || facts.Distinct == 0 ? null : facts.Minimum, isText || facts.Distinct == 0 ? null : facts.Maximum,
            facts.Values, judgement.Reason, warning ?? NumberSuspicion.Find(facts, _notNumbers.GetValueOrDefault(facts.Column.Name)));
    }

    private static ColumnType LabelType(ColumnFacts facts, TableTask task) => task switch
    {
        TableTask.Regression => ColumnType.Number,
        _ when facts.Distinct == FewestFilled => ColumnType.Boolean,
        _ => ColumnType.Category,
    };

    private void Say(IReadOnlyList<string> columns, string option, Judgement judgement)
    {
        foreach (string column in columns)
        {
            if (!_table.TryGetColumn(column, out _))
                throw new ArgumentException($"There is no column {Printable.Quoted(column)} (--{option}){ColumnKinds.Instead(column, [.. _table.Columns.Select(known => known.Name)])}");
            if (!_said.TryAdd(column, judgement) && !MaySayBoth(column, judgement))
                throw new ArgumentException($"Column {Printable.Quoted(column)} is given by --{option} and by another option; leave one of them out.");
        }
    }

    // The type that an option gives a label determines the task.
    private bool MaySayBoth(string column, Judgement judgement) =>
        _said[column].Role == ColumnRole.Label && judgement.Role == ColumnRole.Feature && judgement.Type != ColumnType.Date;

    private static string[] One(string? column) => column is null ? [] : [column];
}
