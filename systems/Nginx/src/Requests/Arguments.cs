namespace Microcosm.Nginx;

/// <summary>One of a request's arguments (ngx_http_arg): names know no case, the first counts.</summary>
internal static class Arguments
{
    public static bool TryFind(ReadOnlySpan<byte> arguments, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (name.IsEmpty)
            return false;
        foreach (var part in arguments.Split((byte)'&'))
        {
            var one = arguments[part];
            if (one.Length <= name.Length || one[name.Length] != '=' || !System.Text.Ascii.EqualsIgnoreCase(one[..name.Length], name))
                continue;
            value = one[(name.Length + 1)..];
            return true;
        }
        return false;
    }
}
