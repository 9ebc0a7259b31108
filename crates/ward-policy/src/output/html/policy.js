'use strict';
const form=document.getElementById('filter');
if(form){
  const all=[...document.querySelectorAll('article')],shown=document.getElementById('shown');
  const texts=all.map(one=>one.textContent.toLowerCase());
  const field=id=>document.getElementById(id);
  const show=()=>{
    const verdicts=new Set([...form.querySelectorAll('input[name=verdict]:checked')].map(one=>one.value));
    const words=field('words').value.toLowerCase().split(/\s+/).filter(Boolean);
    const control=field('control').value,file=field('file').value;
    let count=0;
    all.forEach((one,at)=>{
      const data=one.dataset;
      const on=verdicts.has(data.verdict)&&(!control||data.control===control)&&(!file||data.file===file)&&words.every(word=>texts[at].includes(word));
      one.hidden=!on;
      count+=on;
    });
    shown.textContent=count+' of '+all.length+' shown';
  };
  const open=on=>all.forEach(one=>{if(!one.hidden)one.querySelector('details').open=on;});
  let waiting;
  form.addEventListener('input',()=>{clearTimeout(waiting);waiting=setTimeout(show,60);});
  form.addEventListener('submit',event=>event.preventDefault());
  form.addEventListener('reset',()=>setTimeout(show));
  field('open').addEventListener('click',()=>open(true));
  field('close').addEventListener('click',()=>open(false));
  document.addEventListener('keydown',event=>{
    if(event.key==='/'&&!/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)){event.preventDefault();field('words').focus();}
  });
  show();
}
addEventListener('beforeprint',()=>document.querySelectorAll('details').forEach(one=>{one.open=true;}));
