namespace Microcosm.Cli.Tests;

/// <summary>How many records are not as they were promised.</summary>
internal readonly record struct KafkaVerdict
{
    /// <summary>Acknowledged, or shown to a reader, and not there or another.</summary>
    public int Lost { get; init; }

    public int Duplicated { get; init; }

    public int Reordered { get; init; }

    /// <summary>Nobody sent them.</summary>
    public int Invented { get; init; }

    public static KafkaVerdict operator +(KafkaVerdict a, KafkaVerdict b) => new()
    {
        Lost = a.Lost + b.Lost, Duplicated = a.Duplicated + b.Duplicated, Reordered = a.Reordered + b.Reordered,
        Invented = a.Invented + b.Invented,
    };

    public override string ToString() => $"{Lost} lost, {Duplicated} duplicated, {Reordered} reordered, {Invented} invented";
}
