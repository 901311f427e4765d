using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>Which names a topic may have, in Kafka's words.</summary>
internal static class TopicNames
{
    [Limit("LengthMax")]
    public const int LengthMax = 249;

    /// <summary>Null if the name is good.</summary>
    public static string? WhyInvalid(string name) => name switch
    {
        "" => "Topic name is invalid: the empty string is not allowed",
        "." => "Topic name is invalid: '.' is not allowed",
        ".." => "Topic name is invalid: '..' is not allowed",
        _ when name.Length > LengthMax =>
            $"Topic name is invalid: the length of '{name}' is longer than the max allowed length {LengthMax}",
        _ when !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-') =>
            $"Topic name is invalid: '{name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'",
        _ => null,
    };

    /// <summary>Names of metrics do not tell '.' from '_', so names that differ only there collide.</summary>
    public static string? Colliding(string name, IEnumerable<string> topics) =>
        name.AsSpan().ContainsAny('.', '_') ? topics.FirstOrDefault(t => t != name && Unify(t) == Unify(name)) : null;

    private static string Unify(string name) => name.Replace('.', '_');
}
