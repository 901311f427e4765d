using System.Globalization;
using System.Text;

namespace Microcosm.Nginx;

/// <summary>Every directive that can be read, with what is done about it: what contract.txt holds. nginx has no operations but requests;
/// its surface are its directives.</summary>
internal static class DirectiveContract
{
    /// <summary>A line a directive, by name.</summary>
    public static string Text { get; } = Describe();

    private static string Describe()
    {
        var lines = DirectiveTable.All.GroupBy(d => d.Name, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => (g.Key, Served: g.Where(Served.IsCarriedOut).ToArray(), Not: g.Where(d => !Served.IsCarriedOut(d)).ToArray()))
            .ToArray();
        var text = new StringBuilder();
        var (full, partial) = (lines.Count(l => l.Not.Length == 0), lines.Count(l => l.Not.Length > 0 && l.Served.Length > 0));
        text.Append(CultureInfo.InvariantCulture,
            $"# nginx: {lines.Length} operations (full {full}, partial {partial}, refused {lines.Length - full - partial})\n");
        foreach (var (name, served, not) in lines)
        {
            text.Append(name).Append(not.Length == 0 ? " full" : served.Length > 0 ? " partial" : " refused");
            text.Append(" modules=").AppendJoin(',', served.Concat(not).Select(d => d.Module).Distinct());
            if (not.Length > 0)
                text.Append(" deviation=\"refused of ").AppendJoin(", ", not.Select(d => d.Module).Distinct()).Append('"');
            text.Append('\n');
        }
        return text.ToString();
    }
}
