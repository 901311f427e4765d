namespace Microcosm.Generator;

/// <summary>The rules of tables and operations. What breaks one is reported and left out, so that one mistake gives one error.</summary>
internal static class Rules
{
    /// <summary>Those operations of a table that can stand in it, in ordinal order of their names.</summary>
    public static IEnumerable<OperationModel> Sound(TableModel table, IEnumerable<OperationModel> all)
    {
        var mine = all.Where(o => o.Attribute == table.Operation).ToArray();
        var names = new HashSet<string>(mine.Select(o => o.Name), StringComparer.OrdinalIgnoreCase);
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return mine.Where(o => IsName(o.Name) && o.CanBeCalled && o.Signature == table.Signature)
            .Where(o => o.Parent is null || names.Contains(o.Parent))
            .Where(o => seen.Add(o.Name))
            .OrderBy(o => o.Name, StringComparer.Ordinal);
    }

    /// <summary>All that is wrong.</summary>
    public static IEnumerable<Problem> Broken(IReadOnlyList<Located<TableModel>> tables, IReadOnlyList<Located<OperationModel>> operations)
    {
        var attributes = new HashSet<string>();
        foreach (var (table, location) in tables.Select(t => (t.Model, t.Location)))
        {
            if (!table.CanBeFilled)
                yield return new Problem(Problems.TableCannotBeFilled, location, table.Name);
            if (!table.TypesFit)
                yield return new Problem(Problems.WrongTypes, location, table.Name);
            else if (!attributes.Add(table.Operation))
                yield return new Problem(Problems.SecondTable, location, table.Name, table.Operation);
        }
        foreach (var group in operations.GroupBy(o => o.Model.Attribute))
        {
            var table = tables.FirstOrDefault(t => t.Model.Operation == group.Key)?.Model;
            foreach (var problem in group.SelectMany(o => BrokenBy(o, table)).Concat(BrokenTogether(group.ToArray())))
                yield return problem;
        }
    }

    private static IEnumerable<Problem> BrokenBy(Located<OperationModel> declared, TableModel? table)
    {
        var operation = declared.Model;
        if (table is null)
            yield return new Problem(Problems.NoTable, declared.Location, operation.Name);
        if (!IsName(operation.Name))
            yield return new Problem(Problems.BadName, declared.Location, operation.Name);
        if (!operation.CanBeCalled)
            yield return new Problem(Problems.CannotBeCalled, declared.Location, operation.Name);
        else if (table is { TypesFit: true } && operation.Signature != table.Signature)
            yield return new Problem(Problems.WrongSignature, declared.Location, operation.Name, operation.Signature, table.Signature);
    }

    private static IEnumerable<Problem> BrokenTogether(Located<OperationModel>[] operations)
    {
        var names = new HashSet<string>(operations.Select(o => o.Model.Name), StringComparer.OrdinalIgnoreCase);
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var declared in operations)
        {
            if (!seen.Add(declared.Model.Name))
                yield return new Problem(Problems.Duplicate, declared.Location, declared.Model.Name);
            if (declared.Model.Parent is { } parent && !names.Contains(parent))
                yield return new Problem(Problems.NoParent, declared.Location, declared.Model.Name, parent);
        }
    }

    // The look-up folds ASCII letters only, and a bar stands between two names.
    private static bool IsName(string name) =>
        name.Length > 0
        && name.All(c => c is > ' ' and < '\x7f' and not '"' and not '\\')
        && name.Split('|') is { Length: <= 2 } parts && parts.All(p => p.Length > 0);
}
