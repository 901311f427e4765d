using System.Net;

namespace Microcosm.Nginx;

/// <summary><c>…_bind</c>: the address that connections to upstreams come from.</summary>
internal static class BindDirective
{
    public static Setting<LocalAddress?> Declare(Module module, string name, Contexts contexts)
    {
        var setting = new Setting<LocalAddress?>(name, null);
        module.Custom(name, contexts, Arity.OneOrTwo, call =>
        {
            call.Once(setting);
            call.Level.Set(setting, Read(call));
        });
        return setting;
    }

    private static LocalAddress Read(DirectiveCall call)
    {
        if (call.Count == 1 && call[1] == "off")
            return new LocalAddress(null, null, false);
        var value = call.Value(1);
        var address = value.IsLiteral ? Parse(call[1]) ?? throw call.Error($"invalid address \"{call[1]}\"") : null;
        if (call.Count == 2 && call[2] != "transparent")
            throw call.InvalidParameter(call[2]);
        return new LocalAddress(address, value.IsLiteral ? null : value, call.Count == 2);
    }

    /// <summary>Where a connection comes from; null for anywhere.</summary>
    public static IPEndPoint? EndPointOf(LocalAddress? local, RequestValues values)
    {
        var address = local?.Value is { } value ? Parse(Latin1.Text(value.Evaluate(values).Span)) : local?.Address;
        return address is null ? null : new IPEndPoint(address.Ip!, address.Port);
    }

    /// <summary>An address with or without a port.</summary>
    public static Address? Parse(string text)
    {
        if (Address.ParseIp(text) is { } ip)
            return new Address(ip, 0, null);
        var colon = text.LastIndexOf(':');
        return colon > 0 && Address.ParseIp(text.AsSpan(0, colon)) is { } host
            && Measures.Number(text.AsSpan(colon + 1)) is { } port and >= 1 and <= 65535 ? new Address(host, (int)port, null) : null;
    }
}
