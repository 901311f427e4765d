using System.Buffers;
using System.Text;

namespace Microcosm.Nginx;

/// <summary>Carries out the commands of one body, and lets its text through where no condition or block keeps it.</summary>
internal sealed class SsiCommands
{
    private const int ParametersMax = 16;

    private readonly HttpRequest _request;
    private readonly SsiFilter _filter;
    private readonly SsiShared _shared;
    private byte[] _error = "[an error occurred while processing the directive]"u8.ToArray();
    private SsiEncoding _encoding = SsiEncoding.Entity;
    private SsiBranch _branch;
    private bool _isShown = true;
    private bool _isChosen;
    private bool _isInBlock;

    public SsiCommands(HttpRequest request, SsiFilter filter) =>
        (_request, _filter, _shared) = (request, filter, request.Ssi.Shared);

    /// <summary>Text between commands.</summary>
    public void Text(ReadOnlySpan<byte> text)
    {
        if (_isShown)
            _filter.Give(text);
        else if (_isInBlock)
            _shared.Append(text);
    }

    /// <summary>What stands in the place of a command that failed.</summary>
    public void GiveError()
    {
        if (!_request.Level.Get(SsiModule.SsiSilentErrors))
            _filter.Give(_error);
    }

    /// <summary>False: it failed, which is logged.</summary>
    public bool TryRun(string name, IReadOnlyList<NamedText> parameters)
    {
        if (ParametersOf(name) is not { } known)
            return !_isShown || Fail($"invalid SSI command: \"{name}\"");
        var after = name switch
        {
            "elif" or "else" => SsiBranch.If,
            "endif" => SsiBranch.Else,
            _ => SsiBranch.None,
        };
        if (!_isShown && name != "endblock")
        {
            if (_isInBlock)
                _shared.Append(Latin1.Bytes(Written(name, parameters)));
            if (_isInBlock || after == SsiBranch.None)
                return true;
        }
        if (after != SsiBranch.None && (_branch == SsiBranch.None || _branch > after))
            return Fail($"invalid context of SSI command: \"{name}\"");
        return TrySort(name, parameters, known.Names, known.Mandatory, out var values) && TryRun(name, values);
    }

    // Names of a command's parameters; the first so many must be there.
    private static (string[] Names, int Mandatory)? ParametersOf(string command) => command switch
    {
        "include" => (["virtual", "file", "wait", "set", "stub"], 0),
        "echo" => (["var", "default", "encoding"], 1),
        "config" => (["errmsg", "timefmt"], 0),
        "set" => (["var", "value"], 2),
        "if" or "elif" => (["expr"], 1),
        "block" => (["name"], 1),
        "else" or "endif" or "endblock" => ([], 0),
        _ => null,
    };

    private static string Written(string name, IReadOnlyList<NamedText> parameters)
    {
        var text = new StringBuilder("<!--#").Append(name);
        foreach (var (key, value) in parameters)
            text.Append($" {key}=\"{value}\"");
        return text.Append(" -->").ToString();
    }

    private bool TrySort(string command, IReadOnlyList<NamedText> parameters, string[] names, int mandatory, out string?[] values)
    {
        values = new string?[names.Length];
        if (parameters.Count > ParametersMax)
            return Fail($"too many SSI command parameters: \"{command}\"");
        foreach (var (name, value) in parameters)
        {
            var at = Array.IndexOf(names, name);
            if (at < 0)
                return Fail($"invalid parameter name: \"{name}\" in \"{command}\" SSI command");
            if (values[at] is not null)
                return Fail($"duplicate \"{name}\" parameter in \"{command}\" SSI command");
            values[at] = value;
        }
        for (var i = 0; i < mandatory; i++)
        {
            if (values[i] is null)
                return Fail($"mandatory \"{names[i]}\" parameter is absent in \"{command}\" SSI command");
        }
        return true;
    }

    private bool TryRun(string name, string?[] values)
    {
        switch (name)
        {
            case "include":
                return Include(values[0], values[1], values[2], values[3], values[4]);
            case "echo":
                Echo(values[0]!, values[1], values[2]);
                break;
            case "config":
                _request.Ssi.TimeFormat = values[1] ?? _request.Ssi.TimeFormat;
                _error = values[0] is { } error ? Latin1.Bytes(error) : _error;
                break;
            case "set":
                if (SsiText.Evaluate(_request, _shared, values[1]!) is not { } value)
                    return false;
                _shared.Set(values[0]!, value);
                break;
            case "if" or "elif":
                return Choose(name, values[0]!);
            case "else":
                (_isShown, _branch) = (!_isChosen, SsiBranch.Else);
                break;
            case "endif":
                (_isShown, _isChosen, _branch) = (true, false, SsiBranch.None);
                break;
            case "block":
                _shared.Begin(values[0]!);
                (_isShown, _isInBlock) = (false, true);
                break;
            default:
                (_isShown, _isInBlock) = (true, false);
                break;
        }
        return true;
    }

    private bool Choose(string name, string expression)
    {
        if (name == "if" && _branch != SsiBranch.None)
            return Fail("the \"if\" command inside the \"if\" command");
        if (_isChosen)
        {
            _isShown = false;
            return true;
        }
        if (SsiExpression.Test(_request, _shared, expression) is not { } holds)
            return false;
        (_isShown, _isChosen, _branch) = (holds, holds, SsiBranch.If);
        return true;
    }

    private bool Include(string? path, string? file, string? wait, string? set, string? stub)
    {
        if (path is not null && file is not null)
            return Fail($"inclusion may be either virtual=\"{path}\" or file=\"{file}\"");
        if ((path ?? file) is not { } place)
            return Fail("no parameter in \"include\" SSI command");
        if (set is not null && stub is not null)
            return Fail("\"set\" and \"stub\" cannot be used together in \"include\" SSI command");
        if (wait is not null && path is null)
            return Fail($"\"wait\" cannot be used with file=\"{file}\"");
        if (wait is not null && !Latin1.EqualsIgnoreCase(wait, "no") && !Latin1.EqualsIgnoreCase(wait, "yes"))
            return Fail($"invalid value \"{wait}\" in the \"wait\" parameter");
        if (SsiText.Evaluate(_request, _shared, place) is not { } target)
            return false;
        target = SsiText.Absolute(_request, target);
        if (!UnsafeUri.TryParse(target, out var uri, out var arguments))
            return Fail($"unsafe URI \"{Latin1.Text(target)}\" was detected");
        var block = stub is null ? null : _shared.Block(stub);
        if (stub is not null && block is null)
            return Fail($"\"stub\"=\"{stub}\" for \"include\" not found");
        return set is not null
            ? _filter.TryAssign(uri, arguments, set)
            : _filter.TryInclude(uri, arguments, block, isAwaited: file is not null || (wait is not null && wait.Length == 3));
    }

    private void Echo(string name, string? fallback, string? encoding)
    {
        ReadOnlyMemory<byte> value = _shared.TryGet(_request, name, out var found) ? found : Latin1.Bytes(fallback ?? "(none)");
        if (value.IsEmpty)
            return;
        switch (encoding)
        {
            case null:
                break;
            case "none":
                _encoding = SsiEncoding.None;
                break;
            case "url":
                _encoding = SsiEncoding.Url;
                break;
            case "entity":
                _encoding = SsiEncoding.Entity;
                break;
            default:
                Fail($"unknown encoding \"{encoding}\" in the \"echo\" command");
                break;
        }
        var written = new ArrayBufferWriter<byte>(value.Length);
        if (_encoding == SsiEncoding.Entity)
            HtmlEscape.Write(value.Span, written);
        else if (_encoding == SsiEncoding.Url)
            UriEscape.Html(value.Span, written);
        else
            written.Write(value.Span);
        _filter.Give(written.WrittenSpan);
    }

    private bool Fail(string why)
    {
        _request.LogError(LogLevel.Error, why);
        return false;
    }
}
