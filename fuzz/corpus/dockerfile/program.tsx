import { exec } from 'node:child_process'
import cp, { spawn as s } from 'child_process'
const { q } = req.query
const answer = (await llm.invoke(q)).choices[0].message.content
exec(`ls ${q}`); eval(answer)
db.query(`select * from t where a = '${q}'`)
const A = () => <div dangerouslySetInnerHTML={{ __html: answer }} />
class B<T> extends C { #x: Map<string, T> = new Map(); get y() { return /a\/[b]/.test(`x${`y${1}`}`) } }
