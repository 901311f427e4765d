using static Microcosm.Nginx.HttpContexts;

namespace Microcosm.Nginx;

/// <summary>add_header, add_trailer, expires.</summary>
internal static class HeadersModule
{
    public static readonly Module Module = new("http_headers_module", Contexts.Http);

    public static readonly Setting<IReadOnlyList<AddedHeader>> AddHeader = Declare("add_header");
    public static readonly Setting<IReadOnlyList<AddedHeader>> AddTrailer = Declare("add_trailer");
    public static readonly Setting<HeadersInherit> AddHeaderInherit =
        Module.Choice("add_header_inherit", AllIf, HeadersInherit.On, "off", "on", "merge");
    public static readonly Setting<HeadersInherit> AddTrailerInherit =
        Module.Choice("add_trailer_inherit", AllIf, HeadersInherit.On, "off", "on", "merge");
    public static readonly Setting<Expires> Expires = new("expires", new Expires(ExpiresKind.Off, 0, null));

    /// <summary>The fields that are added on a level.</summary>
    public static readonly Derived<AddedHeader[]> Headers = new(level => [.. Joined(level, AddHeader, AddHeaderInherit)]);

    /// <summary>The fields that are added behind the body on a level.</summary>
    public static readonly Derived<AddedHeader[]> Trailers = new(level => [.. Joined(level, AddTrailer, AddTrailerInherit)]);

    static HeadersModule() => Module.Custom("expires", AllIf, Arity.OneOrTwo, call =>
    {
        call.Once(Expires);
        if (call.Count == 2 && call[1] != "modified")
            throw call.Refuse("invalid value");
        var kind = call.Count == 2 ? ExpiresKind.Modified : ExpiresKind.Access;
        var value = call.Value(call.Count);
        call.Level.Set(Expires, value.IsLiteral
            ? Nginx.Expires.Parse(call[call.Count], kind, out var error) ?? throw call.Refuse(error)
            : new Expires(kind, 0, value));
    });

    // A level's own, those around it, or both, as …_inherit says.
    private static IReadOnlyList<AddedHeader> Joined(
        Level level, Setting<IReadOnlyList<AddedHeader>> setting, Setting<HeadersInherit> inherit)
    {
        var own = level.TryGetOwn(setting, out var headers) ? headers : [];
        var outer = level.Outer;
        return (outer is null ? HeadersInherit.Off : level.Get(inherit)) switch
        {
            HeadersInherit.Merge => [.. Joined(outer!, setting, inherit), .. own],
            HeadersInherit.On => own.Count > 0 ? own : Joined(outer!, setting, inherit),
            _ => own,
        };
    }

    private static Setting<IReadOnlyList<AddedHeader>> Declare(string name)
    {
        var setting = new Setting<IReadOnlyList<AddedHeader>>(name, []);
        Module.Custom(name, AllIf, Arity.TwoOrThree, call =>
        {
            var value = call.Value(2);
            if (call.Count == 3 && call[3] != "always")
                throw call.InvalidParameter(call[3]);
            call.Level.Add(setting, new AddedHeader(call[1], value, call.Count == 3));
        });
        return setting;
    }
}
