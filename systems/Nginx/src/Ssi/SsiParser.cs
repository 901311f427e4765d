using System.Text;

namespace Microcosm.Nginx;

/// <summary>
/// Parts a body into text and SSI commands (ngx_http_ssi_parse), in pieces of any size: a command may be cut anywhere. What only began when
/// the body ends is lost, as in nginx.
/// </summary>
/// <param name="valueBytesMax"><c>ssi_value_length</c>.</param>
/// <param name="log">Told, in nginx' words, why a command cannot be read.</param>
internal sealed class SsiParser(long valueBytesMax, Action<string> log)
{
    private const int NameBytesMax = 32;

    private readonly StringBuilder _name = new();
    private readonly StringBuilder _parameter = new();
    private readonly StringBuilder _value = new();
    private readonly List<NamedText> _parameters = [];
    private SsiState _state;
    private int _opened;
    private byte _quote;

    private static ReadOnlySpan<byte> Opening => "<!--#"u8;

    /// <summary>Name of the command that was read.</summary>
    public string Name => _name.ToString();

    /// <summary>Its parameters, in their order, as they stand there.</summary>
    public IReadOnlyList<NamedText> Parameters => _parameters;

    /// <summary>Takes what comes next off the input.</summary>
    public SsiToken Read(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> text)
    {
        text = default;
        while (!input.IsEmpty)
        {
            if (_state == SsiState.Text)
            {
                var at = input.IndexOf(Opening[0]);
                if (at != 0)
                {
                    text = at < 0 ? input : input[..at];
                    input = input[text.Length..];
                    return SsiToken.Text;
                }
                (_state, _opened) = (SsiState.Opening, 0);
            }
            if (_state == SsiState.Opening && input[0] != Opening[_opened])
            {
                text = Opening[.._opened];
                _state = SsiState.Text;
                return SsiToken.Text;
            }
            var next = input[0];
            input = input[1..];
            if (Step(next) is not SsiToken.None and var token)
                return token;
        }
        return SsiToken.None;
    }

    private static bool IsSpace(byte b) => b is (byte)' ' or (byte)'\r' or (byte)'\n' or (byte)'\t';

    private SsiToken Step(byte b)
    {
        switch (_state)
        {
            case SsiState.Opening:
                if (++_opened == Opening.Length)
                    _state = SsiState.BeforeName;
                break;
            case SsiState.BeforeName when !IsSpace(b):
                _parameters.Clear();
                _name.Clear().Append((char)b);
                _state = SsiState.Name;
                break;
            case SsiState.Name:
                InName(b);
                break;
            case SsiState.BeforeParameter:
                BeforeParameter(b);
                break;
            case SsiState.Parameter:
            case SsiState.BeforeEquals:
                InParameter(b);
                break;
            case SsiState.BeforeValue when !IsSpace(b):
                if (b is (byte)'"' or (byte)'\'')
                    (_state, _quote) = (SsiState.Value, b);
                else
                    Break($"unexpected \"{(char)b}\" symbol before value of \"{_parameter}\" parameter in \"{_name}\" SSI command", b);
                break;
            case SsiState.Value when b == _quote:
                _parameters.Add(new NamedText(_parameter.ToString(), _value.ToString()));
                _state = SsiState.BehindValue;
                break;
            case SsiState.Value:
            case SsiState.Quoted:
                InValue(b);
                break;
            case SsiState.BehindValue:
                if (!IsSpace(b) && b != '-')
                    Break(
                        $"unexpected \"{(char)b}\" symbol after \"{_value}\" "
                        + $"value of \"{_parameter}\" parameter in \"{_name}\" SSI command");
                else
                    _state = b == '-' ? SsiState.FirstHyphen : SsiState.BeforeParameter;
                break;
            case SsiState.FirstHyphen:
            case SsiState.SecondHyphen:
                return InEnd(b);
            case SsiState.Broken or SsiState.BrokenFirstHyphen or SsiState.BrokenSecondHyphen:
                return InBroken(b);
        }
        return SsiToken.None;
    }

    private void InName(byte b)
    {
        if (IsSpace(b))
            _state = SsiState.BeforeParameter;
        else if (b == '-')
            _state = SsiState.FirstHyphen;
        else if (_name.Length == NameBytesMax)
            Break($"the \"{_name}{(char)b}...\" SSI command is too long");
        else
            _name.Append((char)b);
    }

    private void BeforeParameter(byte b)
    {
        if (IsSpace(b))
            return;
        if (b == '-')
        {
            _state = SsiState.FirstHyphen;
            return;
        }
        _parameter.Clear().Append((char)b);
        _value.Clear();
        _state = SsiState.Parameter;
    }

    private void InParameter(byte b)
    {
        if (IsSpace(b))
            _state = SsiState.BeforeEquals;
        else if (b == '=')
            _state = SsiState.BeforeValue;
        else if (b == '-' || _state == SsiState.BeforeEquals)
            Break($"unexpected \"{(char)b}\" symbol after \"{_parameter}\" parameter in \"{_name}\" SSI command", b);
        else if (_parameter.Length == NameBytesMax)
            Break($"too long \"{_parameter}{(char)b}...\" parameter in \"{_name}\" SSI command");
        else
            _parameter.Append((char)b);
    }

    // Backslashes stay: who uses the value removes them.
    private void InValue(byte b)
    {
        var isQuoted = _state == SsiState.Quoted;
        _state = SsiState.Value;
        if (_value.Length >= valueBytesMax)
        {
            Break($"too long \"{_value}{(char)b}...\" value of \"{_parameter}\" parameter in \"{_name}\" SSI command");
            return;
        }
        _value.Append((char)b);
        if (!isQuoted && b == '\\')
            _state = SsiState.Quoted;
    }

    private SsiToken InEnd(byte b)
    {
        if (_state == SsiState.FirstHyphen && b == '-')
        {
            _state = SsiState.SecondHyphen;
            return SsiToken.None;
        }
        if (_state == SsiState.SecondHyphen && b == '>')
        {
            _state = SsiState.Text;
            return SsiToken.Command;
        }
        Break($"unexpected \"{(char)b}\" symbol in \"{_name}\" SSI command");
        return SsiToken.None;
    }

    private SsiToken InBroken(byte b)
    {
        if (_state == SsiState.BrokenSecondHyphen && b == '>')
        {
            _state = SsiState.Text;
            return SsiToken.Error;
        }
        _state = (_state, b) switch
        {
            (SsiState.Broken, (byte)'-') => SsiState.BrokenFirstHyphen,
            (SsiState.BrokenFirstHyphen, (byte)'-') => SsiState.BrokenSecondHyphen,
            _ => SsiState.Broken,
        };
        return SsiToken.None;
    }

    // A hyphen where none may stand may be the first of the end.
    private void Break(string why, byte last = 0)
    {
        log(why);
        _state = last == '-' ? SsiState.BrokenFirstHyphen : SsiState.Broken;
    }
}
