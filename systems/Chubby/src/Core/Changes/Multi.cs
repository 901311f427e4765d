namespace Microcosm.Chubby;

/// <summary>Several changes, all or none. What stood before the one that failed is answered with Ok, what stood behind it with
/// RuntimeInconsistency, as ZooKeeper does.</summary>
internal sealed record Multi(Change[] Parts) : Change
{
    public override ChangeKind Kind => ChangeKind.Multi;

    public override ChangeResult Apply(ChangeScope scope)
    {
        var mark = scope.Mark;
        var results = new ChangeResult[Parts.Length];
        for (var i = 0; i < Parts.Length; i++)
        {
            results[i] = Parts[i].Apply(scope);
            if (results[i].Error == ZooError.Ok)
                continue;
            scope.Rollback(mark);
            Array.Fill(results, default, 0, i);
            Array.Fill(results, new ChangeResult(ZooError.RuntimeInconsistency), i + 1, results.Length - i - 1);
            return new(results[i].Error) { Parts = results };
        }
        return new(ZooError.Ok) { Parts = results };
    }

    public static Multi Read(ref JuteReader reader)
    {
        var parts = new Change[reader.Count(1)];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = ChangeCodec.Read(ref reader);
            if (parts[i] is Multi)
                throw new JuteException("a multi in a multi");
        }
        return new Multi(parts);
    }

    public override void Write(JuteWriter writer)
    {
        writer.Int(Parts.Length);
        foreach (var part in Parts)
            ChangeCodec.Write(writer, part);
    }
}
