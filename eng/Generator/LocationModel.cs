using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Microcosm.Generator;

/// <summary>A place in the source that compares by value, so that it may lie in the incremental pipeline.</summary>
internal sealed record LocationModel(string Path, TextSpan Span, LinePositionSpan Lines)
{
    public static LocationModel From(Location location) =>
        new(location.SourceTree?.FilePath ?? "", location.SourceSpan, location.GetLineSpan().Span);

    public Location ToLocation() => Location.Create(Path, Span, Lines);
}
