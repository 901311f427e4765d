using System.Collections.Frozen;

namespace Microcosm.Nginx;

/// <summary>
/// The one list of directives that are read in full but not carried out yet. A configuration that uses one is refused: nothing is accepted
/// and ignored. Who makes a directive work takes its name out.
/// </summary>
internal static class UnservedDirectives
{
    /// <summary>Names as <c>module name</c>, so that http and stream are told apart.</summary>
    public static FrozenSet<string> Names { get; } = new[]
    {
        "http_ssl_module ssl_ech_file",
        "stream_ssl_module ssl_ech_file",
        "http_ssl_module ssl_certificate_compression",
        "stream_ssl_module ssl_certificate_compression",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Throws for the first directive of the list that the configuration uses.</summary>
    public static void Refuse(ConfigurationDraft draft)
    {
        foreach (var (directive, place) in draft.Uses)
        {
            if (Names.Contains($"{directive.Module} {directive.Name}"))
                throw ConfigurationException.NotServed(directive.Name, $"the \"{directive.Name}\" directive is not supported in {place}");
        }
    }
}
