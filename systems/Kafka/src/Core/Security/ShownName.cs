namespace Microcosm.Kafka;

/// <summary>Names that clients sent, in the texts of answers: the protocol's strings have a limit, so these are cut.</summary>
internal static class ShownName
{
    private const int LengthMax = 1_000;

    public static string Of(string? name) => name is null ? "null" : name.Length <= LengthMax ? name : name[..LengthMax] + "…";
}
